package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: What was signed is what is there
# description: "A signature is over every byte of what it signs. One that names a key which the base knows, and does not fit, is of something else: the payload was edited, or a signature of another file was pasted into it."
# custom:
#   severity: error
#   message: "The {what} is not of what stands there: {reason}."
#   remediation: "Take the file as the pipeline wrote it, byte for byte, and name it with its digest; where the content had to change, let it be signed again."
#   settings: [provenance.verifiedFrom]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.what, input.facts.provenance.signed.predicateType, input.facts.provenance.signed.verified, input.facts.provenance.signed.signers, input.facts.provenance.covers, input.facts.provenance.signed.covers]
#   references: ["https://github.com/secure-systems-lab/dsse/blob/master/protocol.md", "docs/signers.md"]
#   example:
#     bad: "{…, payload: eyJ…edited, signatures: [{sig: MEUC…}]}"
#     good: "{…, payload: eyJ…, signatures: [{sig: MEUC…}]}  # as the tool wrote it"
outcome["provenance/payload-altered"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(nobody_asked) if nobody_is_asked

else := lib.not_applicable(nothing_signed) if nothing_is_signed

else := {"outcome": "failed", "violations": altered} if count(altered) > 0

else := lib.passed if looked_at_signatures

else := lib.failed(block_path, {})

altered := doubted({"payload-altered"})
