package changegate.checks.approvals

import data.changegate.lib

# METADATA
# title: No approval is too old
# description: Whoever approved long ago decided on what was known then.
# custom:
#   severity: warning
#   message: "These approvals are older than {maximumSeconds} and do not count: {tooOldBy}."
#   remediation: "Ask {tooOldBy} to look at the change once more."
#   settings: [approvals.required, approvals.maximumAgeSeconds]
#   optional: [input.facts.approvals.roles.owner.members, input.settings.approvals.required.critical.count, input.facts.approvals.undated, input.change, input.facts.control, input.settings.control, input.settings.retirement, input.evidence.evaluation, input.facts.approvals.plan, input.facts.evaluation, input.previous, input.settings.approvals.agreedPlans, input.settings.approvals.requiredWithinPlan]
#   references: ["SOC 2, CC8.1"]
#   example:
#     bad: 'reviews: [{user: ana, state: APPROVED, submittedAt: 2026-01-02T10:00:00Z}]  # judged in November'
#     good: 'reviews: [{user: ana, state: APPROVED, submittedAt: 2026-11-02T10:00:00Z}]'
outcome["approvals/too-old"] := lib.not_applicable(nobody) if count(demands) == 0

else := lib.unknown(input.evidence.approvals.reason) if input.evidence.approvals.status == "unavailable"

else := lib.not_applicable(not_believed) if input.evidence.approvals.status == "invalid"

else := lib.passed if {
	count(demands) > 0
	input.evidence.approvals.status == "present"
	longest >= 0
	every demand in demands { none_is_old(demand.role) }
}

else := lib.not_applicable("a role has nobody at all: see approvals/role-undefined") if {
	is_object(input.facts.approvals.roles)
	count(undefined_roles) > 0
}

else := result if result := lib.failed(owner_path, {"maximumSeconds": longest, "tooOldBy": sort({login | some demand in demands; some login in too_old(demand.role)})})

else := lib.failed(owner_path, {})

none_is_old(role) if {
	every login in input.facts.approvals.roles[role].approvedBy { login in recent }
}
