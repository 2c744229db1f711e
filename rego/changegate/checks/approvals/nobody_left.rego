package changegate.checks.approvals

import data.changegate.lib

# METADATA
# title: Enough people are left who could approve
# description: Where all people of a role have written the change, no review opens it, and waiting for one is waiting for ever.
# custom:
#   severity: error
#   message: "The role {role} needs {neededCount} to approve, and {leftCount} of its people have not written this change: {left}."
#   remediation: "Have somebody outside the role write the change, or give the role more people in .changegate/teams.yaml, in a change of its own."
#   settings: [approvals.required, approvals.requiredWithinPlan, approvals.onePersonPerRole, approvals.maximumAgeSeconds]
#   optional: [input.settings.approvals.maximumAgeSeconds, input.facts.approvals.ageSeconds, input.facts.approvals.roles.owner.candidates, input.facts.approvals.roles.owner.members, input.facts.approvals.undated, input.change, input.facts.control, input.settings.control, input.settings.retirement, input.evidence.evaluation, input.facts.approvals.plan, input.facts.evaluation, input.previous, input.settings.approvals.agreedPlans, input.settings.approvals.requiredWithinPlan]
#   references: ["NIST SP 800-53 Rev. 5, AC-5: separation of duties"]
#   example:
#     bad: 'teams: {payments-ml: {members: [ana, mira]}}  # two approvals are needed, and mira wrote the change'
#     good: 'teams: {payments-ml: {members: [ana, bo, mira]}}'
outcome["approvals/nobody-left"] := lib.not_applicable(nobody) if count(demands) == 0

else := lib.not_applicable(unknown_reviews) if input.evidence.approvals.status in {"invalid", "unavailable"}

else := lib.passed if {
	count(demands) > 0
	every index, _ in demands { index in possible }
}

else := {"outcome": "failed", "violations": left_alone} if count(left_alone) > 0

else := lib.not_applicable("a role has nobody at all: see approvals/role-undefined") if count(undefined_roles) > 0

else := lib.failed(owner_path, {})

unknown_reviews := "nobody knows yet who wrote and who approved the change"

left_alone contains violation if {
	some one in nobody_left
	details := object.union(one, {"leftCount": count(one.left)})
	violation := people_beside(lib.finding(owner_path, details))
}
