package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: Signatures are by strong keys and the algorithms that belong to them
# description: "A short RSA key or a digest that collides lets somebody else make the same signature; and an algorithm that nobody asked for is somebody else's choice. ECDSA signs with the digest of its curve."
# custom:
#   severity: error
#   message: "The signature of the {what} is too weak: {reason}."
#   remediation: "Sign with Ed25519, ECDSA on P-256 with SHA-256 (P-384 with SHA-384, P-521 with SHA-512), or RSA of at least 2048 bits with SHA-256."
#   settings: [provenance.verifiedFrom]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.what, input.facts.provenance.signed.predicateType, input.facts.provenance.signed.verified, input.facts.provenance.signed.signers, input.facts.provenance.covers, input.facts.provenance.signed.covers]
#   references: ["NIST SP 800-57 part 1", "docs/signers.md"]
#   example:
#     bad: "RSA with 1024 bits, or ECDSA on P-256 over SHA-1"
#     good: "ECDSA on P-256 over SHA-256"
outcome["provenance/key-weak"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(nobody_asked) if nobody_is_asked

else := lib.not_applicable(nothing_signed) if nothing_is_signed

else := {"outcome": "failed", "violations": weak_signatures} if count(weak_signatures) > 0

else := lib.passed if looked_at_signatures

else := lib.failed(block_path, {})

weak_signatures := doubted({"weak-algorithm", "weak-key"})
