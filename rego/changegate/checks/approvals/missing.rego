package changegate.checks.approvals

import data.changegate.lib

# METADATA
# title: Everybody who has to approve has approved
# description: An approval counts when it is the person's latest opinion, of what lands, and comes from nobody who wrote the change.
# custom:
#   severity: error
#   awaitsApproval: true
#   message: "The role {role} has to approve: {neededCount} needed, approved by {approvedBy}."
#   remediation: "Ask for a review of the change as it stands now, from: {candidates}."
#   settings: [approvals.required, approvals.requiredWithinPlan, approvals.hostResetsApprovals, approvals.onePersonPerRole, approvals.maximumAgeSeconds, approvals.signedForAnyRequest]
#   optional: [input.facts.approvals.unclearBecause, input.facts.approvals.undated, input.change, input.facts.approvals.roles.owner.candidates, input.facts.control, input.settings.control, input.settings.retirement, input.evidence.evaluation, input.facts.approvals.plan, input.facts.evaluation, input.previous, input.settings.approvals.agreedPlans, input.settings.approvals.requiredWithinPlan]
#   references: ["SR 26-2: independent validation", "NIST AI RMF 1.0, GOVERN 2.1", "SOC 2, CC8.1"]
#   example:
#     bad: 'reviews: [{user: ana, state: COMMENTED, commit: <the head>}]'
#     good: 'reviews: [{user: ana, state: APPROVED, commit: <the head>}]'
outcome["approvals/missing"] := lib.not_applicable(nobody) if count(demands) == 0

else := lib.unknown(input.evidence.approvals.reason) if input.evidence.approvals.status == "unavailable"

else := lib.passed if {
	count(demands) > 0
	every index, _ in demands { index in met }
}

else := lib.unknown(unclear) if unclear

else := {"outcome": "failed", "violations": unmet} if count(unmet) > 0

else := lib.failed(owner_path, {})
