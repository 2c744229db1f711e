package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: Certificates are for signing
# description: "A certificate says what it may be used for. One of a server, of mail, or of an authority is none to sign models with, even where the right authority issued it."
# custom:
#   severity: error
#   message: "The certificate that the {what} was signed with is for something else: {reason}."
#   remediation: "Sign with a certificate for signing code: key usage `digitalSignature`, and where it has an extended key usage, `codeSigning`; not with an authority's."
#   settings: [provenance.verifiedFrom]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.what, input.facts.provenance.signed.predicateType, input.facts.provenance.signed.verified, input.facts.provenance.signed.signers, input.facts.provenance.covers, input.facts.provenance.signed.covers]
#   references: ["RFC 5280, section 4.2.1.12", "docs/signers.md"]
#   example:
#     bad: "X509v3 Extended Key Usage: TLS Web Server Authentication"
#     good: "X509v3 Key Usage: Digital Signature, X509v3 Extended Key Usage: Code Signing"
outcome["provenance/certificate-unfit"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(nobody_asked) if nobody_is_asked

else := lib.not_applicable(nothing_signed) if nothing_is_signed

else := {"outcome": "failed", "violations": unfit_certificates} if count(unfit_certificates) > 0

else := lib.passed if looked_at_signatures

else := lib.failed(block_path, {})

unfit_certificates := doubted({"wrong-usage"})
