package changegate.checks.retirement

import data.changegate.checks.approvals.demands
import data.changegate.checks.approvals.nobody_left
import data.changegate.checks.approvals.owner_path
import data.changegate.checks.approvals.possible
import data.changegate.checks.approvals.undefined_roles
import data.changegate.lib

# METADATA
# title: Enough people are left who could approve a deletion
# description: Where all people of a role have written the change, no review opens it, and waiting for one is waiting for ever.
# custom:
#   severity: error
#   message: "The role {role} needs {neededCount} to approve the deletion, and {leftCount} of its people have not written this change: {left}."
#   remediation: "Have somebody outside the role write the change, or give the role more people in .changegate/teams.yaml, in a change of its own."
#   settings: [retirement.required]
#   optional: [input.evidence.evaluation, input.facts.approvals.plan, input.facts.evaluation, input.previous, input.settings.approvals.agreedPlans, input.settings.approvals.requiredWithinPlan]
#   references: ["NIST SP 800-53 Rev. 5, AC-5: separation of duties"]
#   example:
#     bad: 'teams: {vision-ml: {members: [mira]}}  # mira deletes the release'
#     good: 'teams: {vision-ml: {members: [gus, hana, mira]}}'
outcome["retirement/nobody-left"] := lib.not_applicable("nobody has to approve it") if count(demands) == 0

else := lib.not_applicable("nobody knows yet who wrote and who approved the change") if {
	input.evidence.approvals.status in {"unavailable", "invalid"}
}

else := lib.passed if {
	count(demands) > 0
	every index, _ in demands { index in possible }
}

else := {"outcome": "failed", "violations": left_alone} if count(left_alone) > 0

else := lib.not_applicable("a role has nobody at all") if {
	is_object(input.facts.approvals.roles)
	count(undefined_roles) > 0
}

else := lib.failed(name_path, {})

left_alone contains violation if {
	some one in nobody_left
	violation := lib.finding(owner_path, object.union(one, {"leftCount": count(one.left)}))
}
