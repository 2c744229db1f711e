package changegate.checks.external

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A model that is taken over is approved
# description: |
#   Nobody here knows how somebody else's model was trained, and the words for it stand in for a training run. So a person of a
#   role has to approve it: when it is taken over, and when another one takes its place.
# custom:
#   severity: error
#   awaitsApproval: true
#   message: "The model of {publisher} is taken over, and nobody of the role {role} has approved that."
#   remediation: "Ask one of {candidates} to review the change; where the model was trained here, name its source, run and data under `spec.provenance` instead of `external`."
#   settings: [external.externalFrom, external.externalRole]
#   optional: [input.evidence.approvals, input.facts.approvals, input.facts.external.publisher, input.settings.external.externalRole, input.previous, input.release]
#   references: ["SR 26-2: vendor models", "NIST AI RMF 1.0, GOVERN 6.1"]
#   example:
#     bad: "external: {publisher: sentence-transformers, …}  # and nobody of model-risk has approved"
#     good: "external: {publisher: sentence-transformers, …}  # and one of them has"
outcome["external/not-approved"] := lib.not_applicable(none_taken) if input.facts.external.status == "none"

else := lib.not_applicable(lib.low_tier) if input.settings.external.externalFrom in risk.beyond

else := lib.passed if {
	input.settings.external.externalFrom in lib.tiers
	input.facts.external.status == "stated"
	as_before
}

else := lib.unknown(input.evidence.approvals.reason) if input.evidence.approvals.status == "unavailable"

else := lib.passed if {
	input.settings.external.externalFrom in lib.tiers
	input.facts.external.status == "stated"
	input.evidence.approvals.status == "present"
	count(input.facts.approvals.roles[input.settings.external.externalRole].approvedBy) > 0
}

else := result if {
	result := lib.failed(block_path, {
		"publisher": input.facts.external.publisher,
		"role": input.settings.external.externalRole,
		"candidates": object.get(input.facts.approvals.roles, [input.settings.external.externalRole, "candidates"], []),
	})
}

else := lib.failed(block_path, {})
