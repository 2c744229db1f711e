package changegate.checks.approvals

import data.changegate.lib

# METADATA
# title: Nobody asks for changes
# description: A reviewer who asked for changes has not been answered.
# custom:
#   severity: error
#   message: "Changes are asked for by {requestedBy}."
#   remediation: "Answer {requestedBy}, and ask for another review."
#   settings: [approvals.required]
#   optional: [input.change, input.facts.control, input.settings.control, input.settings.retirement, input.evidence.evaluation, input.facts.approvals.plan, input.facts.evaluation, input.previous, input.settings.approvals.agreedPlans, input.settings.approvals.requiredWithinPlan]
#   references: ["https://docs.github.com/en/rest/pulls/reviews"]
#   example:
#     bad: 'reviews: [{user: ana, state: CHANGES_REQUESTED, commit: <the head>}]'
#     good: 'reviews: [{user: ana, state: CHANGES_REQUESTED, commit: <the head>}, {user: ana, state: APPROVED, commit: <the head>}]'
outcome["approvals/changes-requested"] := lib.not_applicable(nobody) if count(demands) == 0

else := lib.unknown(input.evidence.approvals.reason) if input.evidence.approvals.status == "unavailable"

else := lib.not_applicable(not_believed) if input.evidence.approvals.status == "invalid"

else := lib.passed if {
	count(demands) > 0
	input.evidence.approvals.status == "present"
	count(input.facts.approvals.changesRequestedBy) == 0
}

else := result if result := lib.failed(owner_path, {"requestedBy": input.facts.approvals.changesRequestedBy})

else := lib.failed(owner_path, {})
