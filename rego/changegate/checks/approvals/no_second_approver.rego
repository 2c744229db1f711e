package changegate.checks.approvals

import data.changegate.lib

# METADATA
# title: Somebody can stand in for an approver
# description: With exactly as many members as approvals are needed, one absence stops every release, also the urgent one.
# custom:
#   severity: warning
#   message: "The role {role} has no more members than have to approve ({neededCount})."
#   remediation: "Add a member to the role in .changegate/teams.yaml, in a pull request of its own."
#   settings: [approvals.required]
#   optional: [input.change, input.facts.control, input.settings.control, input.settings.retirement, input.evidence.evaluation, input.facts.approvals.plan, input.facts.evaluation, input.previous, input.settings.approvals.agreedPlans, input.settings.approvals.requiredWithinPlan]
#   references: ["NIST SP 800-53 Rev. 5, CM-3: configuration change control"]
#   example:
#     bad: 'teams: {payments-ml: {members: [ana]}}  # one approval is needed'
#     good: 'teams: {payments-ml: {members: [ana, bo]}}'
outcome["approvals/no-second-approver"] := lib.not_applicable(nobody) if count(demands) == 0

else := lib.passed if {
	count(demands) > 0
	every demand in demands { count(input.facts.approvals.roles[demand.role].members) > demand.count }
}

else := {"outcome": "failed", "violations": thin_roles} if count(thin_roles) > 0

else := lib.not_applicable("a role has nobody at all: see approvals/role-undefined") if count(undefined_roles) > 0

else := lib.failed(owner_path, {})

thin_roles contains violation if {
	some demand in demands
	count(input.facts.approvals.roles[demand.role].members) <= demand.count
	violation := people_beside(lib.finding(owner_path, {"role": demand.role, "neededCount": demand.count}))
}
