package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Attestations are about this release
# description: "An attestation of another build says nothing of this one: among its subjects is an artifact of this release, by a strong digest."
# custom:
#   severity: error
#   message: "The attestation ({predicateType}) is about no artifact of this release: none of its subjects has the digest of one."
#   remediation: "Name the attestation of the build that made these artifacts. Its `subject` has the artifact's `digest`; `jq -r .payload FILE | base64 -d` shows it."
#   settings: [provenance.attestationSoundFrom, provenance.strongAlgorithms]
#   optional: [input.facts.provenance.attestations.place, input.facts.provenance.attestations.predicateType]
#   references: ["https://slsa.dev/spec/v1.0/verifying-artifacts"]
#   example:
#     bad: "{\"subject\": [{\"digest\": {\"sha256\": \"0000…\"}}]}  # in the payload: no artifact of this release"
#     good: "{\"subject\": [{\"digest\": {\"sha256\": \"9f86…\"}}]}  # in the payload: the digest of the artifact `model`"
outcome["provenance/attestation-mismatch"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.attestationSoundFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(none_named) if input.evidence.provenance.attestations.status == "absent"

else := lib.not_applicable("no attestation can be read: see provenance/attestation-invalid") if {
	input.evidence.provenance.attestations.status == "invalid"
}

else := {"outcome": "failed", "violations": foreign} if count(foreign) > 0

else := lib.unknown(input.evidence.provenance.attestations.reason) if {
	input.evidence.provenance.attestations.status == "unavailable"
}

else := lib.passed if {
	asked(input.settings.provenance.attestationSoundFrom)
	input.evidence.provenance.attestations.status == "present"
	count(bound) > 0
}

else := lib.failed(attestations_path, {})

foreign contains violation if {
	some index, one in input.facts.provenance.attestations
	not index in bound
	violation := lib.finding_of(one, object.filter(one, ["predicateType"]), attestations_path)
}

bound contains index if {
	some index, one in input.facts.provenance.attestations
	some artifact in one.boundTo
	artifact.algorithm in input.settings.provenance.strongAlgorithms
}
