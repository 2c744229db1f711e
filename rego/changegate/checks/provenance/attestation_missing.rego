package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release names an attestation of how it was built
# description: An attestation of a listed kind says which builder made the artifact, of what. That it is named is asked here; whose signature counts, other rules say.
# custom:
#   severity: error
#   message: "The release names no attestation of a build; it names {named}."
#   remediation: "Let the training pipeline write one, commit it, and name it under `spec.provenance`: `attestations: [{predicateType: https://slsa.dev/provenance/v1, path: {beside}evidence/provenance.dsse.json, digest: sha256:…}]`. These count: {wanted}."
#   settings: [provenance.attestationFrom, provenance.buildPredicateTypes]
#   optional: [input.evidence.provenance.attestations.files.status, input.facts.external]
#   references: ["https://slsa.dev/spec/v1.0/provenance", "https://slsa.dev/spec/v1.0/requirements"]
#   example:
#     bad: "attestations: [{predicateType: https://in-toto.io/attestation/release/v0.1, path: models/fraud/evidence/release.dsse.json, digest: sha256:…}]"
#     good: "attestations: [{predicateType: https://slsa.dev/provenance/v1, path: models/fraud/evidence/provenance.dsse.json, digest: sha256:…}]"
outcome["provenance/attestation-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.attestationFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(made_elsewhere) if taken_over

else := lib.passed if {
	asked(input.settings.provenance.attestationFrom)
	count(of_a_build) > 0
}

else := lib.failed(attestations_path, {"named": named_kinds, "wanted": input.settings.provenance.buildPredicateTypes}) if {
	count(input.settings.provenance.buildPredicateTypes) > 0
}

else := lib.failed(attestations_path, {})

of_a_build contains index if {
	some index, file in input.evidence.provenance.attestations.files
	file.predicateType in input.settings.provenance.buildPredicateTypes
}

named_kinds := kinds if {
	kinds := sort({file.predicateType | some file in input.evidence.provenance.attestations.files})
	count(kinds) > 0
}

else := "none"
