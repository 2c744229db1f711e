package changegate.checks.operations

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release names who is called next
# description: Whoever is on call may be asleep, or may need somebody who can decide.
# custom:
#   severity: warning
#   message: "Nobody is called after the first: {reason}."
#   remediation: "Name under `spec.operations` the team or role of .changegate/teams.yaml that is called next, such as `escalation: platform`."
#   settings: [operations.escalationFrom]
#   optional: [input.settings.operations.escalationFrom]
#   references: ["https://sre.google/sre-book/managing-incidents/"]
#   example:
#     bad: "operations: {onCall: payments-ml}"
#     good: "operations: {onCall: payments-ml, escalation: platform}"
outcome["operations/escalation-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.operations.escalationFrom in risk.beyond
}

else := lib.unknown(input.evidence.operations.escalation.reason) if {
	input.evidence.operations.escalation.status == "unavailable"
}

else := lib.passed if input.evidence.operations.escalation.status == "present"

else := result if result := lib.failed(escalation_path, {"reason": input.evidence.operations.escalation.reason})

else := lib.failed(escalation_path, {})

escalation_path := ["spec", "operations", "escalation"]
