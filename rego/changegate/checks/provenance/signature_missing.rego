package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A signature is there
# description: "A signature file is named, is in the repository or handed in, has the digest that the manifest says, and has the form of a signature bundle. Presence and form only: who signed it, provenance/not-verified says where .changegate/signers.yaml covers the release."
# custom:
#   severity: error
#   message: "The release has no signature file of the right form: {reason}."
#   remediation: "Sign the artifact with OpenSSF model signing, commit the bundle, and name it under `spec.provenance`: `signature: {path: {beside}evidence/model.sig, digest: sha256:…}`."
#   settings: [provenance.signatureFrom]
#   optional: [input.evidence.provenance.signature.place, input.facts.external]
#   references: ["https://github.com/sigstore/model-transparency"]
#   example:
#     bad: "provenance: {source: {…}}"
#     good: "signature: {path: models/fraud/evidence/model.sig, digest: sha256:…}"
outcome["provenance/signature-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.signatureFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(made_elsewhere) if {
	taken_over
	input.facts.provenance.trained == false
}

else := lib.unknown(input.evidence.provenance.signature.reason) if {
	input.evidence.provenance.signature.status == "unavailable"
}

else := lib.passed if {
	asked(input.settings.provenance.signatureFrom)
	input.evidence.provenance.signature.status == "present"
}

else := result if result := lib.failed_of(input.evidence.provenance.signature, {"reason": input.evidence.provenance.signature.reason}, signature_path)

else := lib.failed(signature_path, {})

signature_path := ["spec", "provenance", "signature"]
