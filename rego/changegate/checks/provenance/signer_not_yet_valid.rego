package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: Signatures are by keys that count already
# description: "A key or certificate that begins later was not meant to be used yet."
# custom:
#   severity: error
#   message: "The signature of the {what} does not count yet: {reason}."
#   remediation: "Let it be signed with a key or certificate that counts now, or wait until this one does."
#   settings: [provenance.verifiedFrom]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.what, input.facts.provenance.signed.predicateType, input.facts.provenance.signed.verified, input.facts.provenance.signed.signers, input.facts.provenance.covers, input.facts.provenance.signed.covers]
#   references: ["https://github.com/sigstore/model-transparency", "docs/signers.md"]
#   example:
#     bad: "keys: [{name: 2027, validFrom: 2027-01-01T00:00:00Z, …}]"
#     good: "keys: [{name: 2026, validFrom: 2026-01-01T00:00:00Z, …}]"
outcome["provenance/signer-not-yet-valid"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(nobody_asked) if nobody_is_asked

else := lib.not_applicable(nothing_signed) if nothing_is_signed

else := {"outcome": "failed", "violations": early_signatures} if count(early_signatures) > 0

else := lib.passed if looked_at_signatures

else := lib.failed(block_path, {})

early_signatures := doubted({"not-yet-valid"})
