package changegate.checks.operations

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release has a runbook
# description: Who is called at night did not train the model. A file is looked for in the repository, and headings, placeholders and a few words are none; an address counts as named, and is not looked at.
# custom:
#   severity: error
#   message: "The release has no runbook: {reason}."
#   remediation: "Write how to see that it fails, how to go back and whom to call, in sentences of your own. Commit that, and name it under `spec.operations`: `runbook: {beside}RUNBOOK.md`."
#   settings: [operations.runbookFrom, operations.minimumDocumentWordsCount]
#   optional: [input.settings.operations.runbookFrom]
#   references: ["https://sre.google/sre-book/being-on-call/"]
#   example:
#     bad: "operations: {onCall: payments-ml}"
#     good: "operations: {onCall: payments-ml, runbook: models/fraud-detector/RUNBOOK.md}"
outcome["operations/runbook-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.operations.runbookFrom in risk.beyond
}

else := lib.passed if {
	input.evidence.operations.runbook.status == "present"
	input.facts.operations.runbook == "file"
	input.evidence.operations.runbook.wordsCount >= input.settings.operations.minimumDocumentWordsCount
}

else := lib.passed if {
	input.evidence.operations.runbook.status == "unavailable"
	input.facts.operations.runbook == "url"
}

else := lib.unknown(input.evidence.operations.runbook.reason) if {
	input.evidence.operations.runbook.status == "unavailable"
}

else := lib.failed(runbook_path, {"reason": reason}) if reason := input.evidence.operations.runbook.reason

else := lib.failed(runbook_path, {"reason": says_nothing}) if input.evidence.operations.runbook.status == "present"

else := lib.failed(runbook_path, {})

runbook_path := ["spec", "operations", "runbook"]
