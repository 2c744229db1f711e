package changegate.checks.approvals

import data.changegate.lib

# METADATA
# title: No approval is of something else
# description: |
#   Whoever approved an earlier commit has not seen what would land, where something that is decided from has changed since: the
#   manifest, what it names, the previous release, releases that are judged with it, a control file.
# custom:
#   severity: warning
#   message: "These approvals are of an earlier commit and do not count: {staleBy}; {because}."
#   remediation: "Ask {staleBy} to look at the change as it stands now."
#   settings: [approvals.required]
#   optional: [input.facts.approvals.staleBecause, input.change, input.facts.control, input.settings.control, input.settings.retirement, input.evidence.evaluation, input.facts.approvals.plan, input.facts.evaluation, input.previous, input.settings.approvals.agreedPlans, input.settings.approvals.requiredWithinPlan]
#   references: ["SLSA v1.2, source track: two-party review", "SOC 2, CC8.1"]
#   example:
#     bad: 'reviews: [{user: ana, state: APPROVED, commit: <an earlier commit>}]'
#     good: 'reviews: [{user: ana, state: APPROVED, commit: <the head>}]'
outcome["approvals/stale"] := lib.not_applicable(nobody) if count(demands) == 0

else := lib.unknown(input.evidence.approvals.reason) if input.evidence.approvals.status == "unavailable"

else := lib.not_applicable(not_believed) if input.evidence.approvals.status == "invalid"

else := lib.passed if {
	count(demands) > 0
	input.evidence.approvals.status == "present"
	count(input.facts.approvals.staleBy) == 0
}

else := result if result := lib.failed(owner_path, {"because": input.facts.approvals.staleBecause, "staleBy": input.facts.approvals.staleBy})

else := lib.failed(owner_path, {})
