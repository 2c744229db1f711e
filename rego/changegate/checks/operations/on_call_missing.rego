package changegate.checks.operations

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release names who is called
# description: "An alert that reaches nobody is not an alert. A name that the base's teams do not know reaches nobody either."
# custom:
#   severity: error
#   message: "Nobody is called when the release fails: {reason}."
#   remediation: "Name under `spec.operations` the team or role of .changegate/teams.yaml that is called, such as `onCall: payments-ml`."
#   settings: [operations.onCallFrom]
#   optional: [input.settings.operations.onCallFrom]
#   references: ["https://sre.google/sre-book/being-on-call/"]
#   example:
#     bad: "operations: {runbook: models/fraud-detector/RUNBOOK.md}"
#     good: "operations: {runbook: models/fraud-detector/RUNBOOK.md, onCall: payments-ml}"
outcome["operations/on-call-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.operations.onCallFrom in risk.beyond
}

else := lib.unknown(input.evidence.operations.onCall.reason) if input.evidence.operations.onCall.status == "unavailable"

else := lib.passed if input.evidence.operations.onCall.status == "present"

else := result if result := lib.failed(on_call_path, {"reason": input.evidence.operations.onCall.reason})

else := lib.failed(on_call_path, {})

on_call_path := ["spec", "operations", "onCall"]
