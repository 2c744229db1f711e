package changegate.checks.approvals

import data.changegate.lib

# METADATA
# title: The approvals can be believed
# description: A file that names another repository, pull request or head, or is malformed, says nothing about this change.
# custom:
#   severity: error
#   message: "The approvals that were handed in are not of this change: {reason}."
#   remediation: "Fetch the reviews again for this pull request and head, and hand them in with `--approvals FILE`."
#   settings: [approvals.required, approvals.maximumFileAgeSeconds]
#   optional: [input.change, input.facts.control, input.settings.control, input.settings.retirement, input.evidence.evaluation, input.facts.approvals.plan, input.facts.evaluation, input.previous, input.settings.approvals.agreedPlans, input.settings.approvals.requiredWithinPlan]
#   references: ["docs/ci.md"]
#   example:
#     bad: '{repository: acme/other, pullRequest: 42, reviewedHead: <the head>}  # handed in for acme/models'
#     good: '{repository: acme/models, pullRequest: 42, reviewedHead: <the head>}'
outcome["approvals/invalid"] := lib.not_applicable(nobody) if count(demands) == 0

else := lib.unknown(input.evidence.approvals.reason) if input.evidence.approvals.status == "unavailable"

else := lib.passed if {
	count(demands) > 0
	input.evidence.approvals.status == "present"
}

else := result if result := lib.failed(owner_path, {"reason": input.evidence.approvals.reason})

else := lib.failed(owner_path, {})
