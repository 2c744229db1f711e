package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release names an attestation of how it was built
# description: An attestation says which builder made the artifact, of what. That it is named is asked here; its signature is not verified cryptographically yet.
# custom:
#   severity: error
#   message: "The release names no attestation."
#   remediation: "Let the training pipeline write one, commit it and name it: `attestations: [{predicateType: https://slsa.dev/provenance/v1, path: models/fraud/evidence/provenance.dsse.json, digest: sha256:…}]`."
#   settings: [provenance.attestationFrom]
#   references: ["https://slsa.dev/spec/v1.0/requirements"]
#   example:
#     bad: "provenance: {source: {…}}"
#     good: "attestations: [{predicateType: https://slsa.dev/provenance/v1, path: models/fraud/evidence/provenance.dsse.json, digest: sha256:…}]"
outcome["provenance/attestation-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.attestationFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.passed if {
	asked(input.settings.provenance.attestationFrom)
	count(input.evidence.provenance.attestations.files) > 0
}

else := lib.failed(attestations_path, {})
