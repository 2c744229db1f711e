package changegate.checks.retirement

import data.changegate.checks.approvals.demands
import data.changegate.checks.approvals.met
import data.changegate.checks.approvals.unclear
import data.changegate.checks.approvals.unmet
import data.changegate.lib

# METADATA
# title: A retirement is approved
# description: Deleting a manifest takes a model away from whoever relies on it.
# custom:
#   severity: error
#   awaitsApproval: true
#   message: "The role {role} has to approve the retirement: {neededCount} needed, approved by {approvedBy}."
#   remediation: "Ask {candidates} to review the change as it stands now."
#   settings: [retirement.required]
#   optional: [input.evidence.evaluation, input.facts.approvals.plan, input.facts.evaluation, input.previous, input.settings.approvals.agreedPlans, input.settings.approvals.requiredWithinPlan]
#   references: ["NIST AI RMF 1.0, GOVERN 1.7: decommissioning"]
#   example:
#     bad: 'git rm models/fraud-detector/manifest.yaml, and reviews: []'
#     good: 'git rm models/fraud-detector/manifest.yaml, and everybody approved whom settings.retirement.required names'
outcome["retirement/not-approved"] := lib.not_applicable("nobody has to approve the retirement of this tier") if {
	count(demands) == 0
}

else := lib.unknown(input.evidence.approvals.reason) if {
	input.evidence.approvals.status in {"unavailable", "invalid"}
}

else := lib.passed if {
	count(demands) > 0
	every index, _ in demands { index in met }
}

else := lib.unknown(unclear) if unclear

else := {"outcome": "failed", "violations": unmet} if count(unmet) > 0

else := lib.failed(name_path, {})
