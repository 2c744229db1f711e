package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: Signatures are of a time at which their key counted
# description: "A key that has ended or was revoked may be in anybody's hands, who can date a signature as they like. So it counts only where somebody else vouches for the time before that, and a certificate's own beginning is no such word."
# custom:
#   severity: error
#   message: "The signature of the {what} does not count any more: {reason}."
#   remediation: "Let it be signed again with a key or certificate that counts now. Where the time in .changegate/signers.yaml is wrong, mend that first, in a change of its own."
#   settings: [provenance.verifiedFrom]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.what, input.facts.provenance.signed.predicateType, input.facts.provenance.signed.verified, input.facts.provenance.signed.signers, input.facts.provenance.covers, input.facts.provenance.signed.covers]
#   references: ["https://github.com/sigstore/model-transparency", "docs/signers.md"]
#   example:
#     bad: "keys: [{name: 2025, validUntil: 2026-01-01T00:00:00Z, …}]  # and nothing says when it was signed"
#     good: "keys: [{name: 2026, validFrom: 2026-01-01T00:00:00Z, …}]"
outcome["provenance/signer-expired"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(nobody_asked) if nobody_is_asked

else := lib.not_applicable(nothing_signed) if nothing_is_signed

else := {"outcome": "failed", "violations": expired_signatures} if count(expired_signatures) > 0

else := lib.passed if looked_at_signatures

else := lib.failed(block_path, {})

expired_signatures := doubted({"expired"})
