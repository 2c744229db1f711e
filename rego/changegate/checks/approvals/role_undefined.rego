package changegate.checks.approvals

import data.changegate.lib

# METADATA
# title: Every role that has to approve has people
# description: A role without members can never approve, and a change would wait for ever.
# custom:
#   severity: error
#   message: "The role {role} has to approve, and .changegate/teams.yaml gives it nobody."
#   remediation: "Give the role {role} a team with members under `roles` in .changegate/teams.yaml, in a pull request before this one; or name another role in the settings that ask for it."
#   settings: [approvals.required, approvals.requiredWithinPlan]
#   optional: [input.change, input.facts.control, input.settings.control, input.settings.retirement, input.evidence.evaluation, input.facts.approvals.plan, input.facts.evaluation, input.previous, input.settings.approvals.agreedPlans, input.settings.approvals.requiredWithinPlan]
#   references: ["ISO/IEC 42001:2023, 5.3: roles, responsibilities and authorities"]
#   example:
#     bad: 'settings: {approvals: {required: {high: [{role: legal, count: 1}]}}}  # and no role or team is called legal'
#     good: 'roles: {legal: [legal-team]}  # in .changegate/teams.yaml, beside teams: {legal-team: {members: [ana, bo]}}'
outcome["approvals/role-undefined"] := lib.not_applicable(nobody) if count(demands) == 0

else := lib.passed if {
	count(demands) > 0
	every demand in demands { count(input.facts.approvals.roles[demand.role].members) > 0 }
}

else := {"outcome": "failed", "violations": undefined_roles} if count(undefined_roles) > 0

else := lib.failed(owner_path, {})
