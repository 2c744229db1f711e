package changegate.checks.external

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Who looked at a model is somebody here, and not its author
# description: "The review of a model that nobody here trained is the one look that it gets. It is somebody's of the base's teams, and not that of whoever proposes the model."
# custom:
#   severity: error
#   message: "`reviewedBy: {reviewedBy}` names {problem}."
#   remediation: "Write the login of somebody in `.changegate/teams.yaml` who looked at the model and did not propose this change."
#   settings: [external.externalFrom]
#   optional: [input.facts.external.reviewedBy, input.facts.approvals, input.context.author, input.evidence.approvals]
#   references: ["SR 26-2: vendor models"]
#   example:
#     bad: "reviewedBy: mira  # who opened the pull request"
#     good: "reviewedBy: femi"
outcome["external/reviewer-unknown"] := lib.not_applicable(none_taken) if input.facts.external.status == "none"

else := lib.not_applicable(lib.low_tier) if input.settings.external.externalFrom in risk.beyond

else := lib.passed if {
	input.settings.external.externalFrom in lib.tiers
	input.facts.external.status == "stated"
	is_member
	not proposes
}

else := result if {
	result := lib.failed(array.concat(block_path, ["reviewedBy"]), {
		"reviewedBy": input.facts.external.reviewedBy,
		"problem": problem,
	})
}

else := lib.failed(block_path, {})

is_member if {
	some role in input.facts.approvals.roles
	input.facts.external.reviewedBy in role.members
}

# A change that the previous release had already was reviewed then.
proposes if {
	not as_before
	lower(input.facts.external.reviewedBy) == lower(input.context.author.login)
}

problem := "nobody in the teams of the base" if not is_member

else := "the author of this change" if proposes
