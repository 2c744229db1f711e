package changegate.checks.control

import data.changegate.checks.approvals.demands
import data.changegate.checks.approvals.nobody_left
import data.changegate.checks.approvals.possible
import data.changegate.checks.approvals.undefined_roles
import data.changegate.lib

# METADATA
# title: Enough people are left who could approve a changed control file
# description: Where all people of a role have written the change, no review opens it, and waiting for one is waiting for ever.
# custom:
#   severity: error
#   message: "The role {role} has to approve {file}, needs {neededCount} for that, and {leftCount} of its people have not written this change: {left}."
#   remediation: "Have somebody outside the role write the change, or give the role more people in .changegate/teams.yaml, in a change of its own."
#   settings: [control.required]
#   optional: [input.evidence.evaluation, input.facts.approvals.plan, input.facts.evaluation, input.previous, input.settings.approvals.agreedPlans, input.settings.approvals.requiredWithinPlan]
#   references: ["NIST SP 800-53 Rev. 5, AC-5: separation of duties"]
#   example:
#     bad: 'teams: {platform-team: {members: [mira]}}  # mira changed .changegate/config.yaml'
#     good: 'teams: {platform-team: {members: [eve, hana, mira]}}'
outcome["control/nobody-left"] := lib.not_applicable("no control file changed") if unchanged

else := lib.not_applicable("nobody knows yet who wrote and who approved the change") if {
	input.evidence.approvals.status in {"unavailable", "invalid"}
}

else := lib.passed if {
	input.facts.control.checked == true
	count(demands) > 0
	every index, _ in demands { index in possible }
}

else := {"outcome": "failed", "violations": left_alone} if count(left_alone) > 0

else := lib.not_applicable("a role has nobody at all") if {
	is_object(input.facts.approvals.roles)
	count(undefined_roles) > 0
}

else := lib.failed_at({"file": ".changegate"}, {})

left_alone contains violation if {
	some changed in input.facts.control.changed
	some one in nobody_left
	details := object.union(one, {"leftCount": count(one.left), "file": changed.file})
	violation := lib.finding_at(changed.at, details)
}
