package changegate.checks.evaluation

import data.changegate.lib

# METADATA
# title: No leakage was found
# description: A report that found leakage in its own data is no evidence.
# custom:
#   severity: error
#   message: The report says that its data leaked into the training.
#   remediation: "Take the leaked samples out, train and evaluate again, and commit the new report."
#   settings: [evaluation.requiredFrom]
#   optional: [input.facts.evaluation.reports.places]
#   references: ["Kapoor and Narayanan, Leakage and the reproducibility crisis in machine-learning-based science, Patterns 4(9), 2023"]
#   example:
#     bad: "{\"checks\": {\"leakage\": {\"checked\": true, \"found\": true}}}  # in the report"
#     good: "{\"checks\": {\"leakage\": {\"checked\": true, \"found\": false}}}  # in the report"
outcome["evaluation/leakage-found"] := result if result := unread(input.settings.evaluation.requiredFrom)

else := result if result := lib.none_of(lib.at_place(input.facts.evaluation.reports, unleaked, {}, ["places", "checks"], block_path), readable(input.settings.evaluation.requiredFrom))

else := lib.failed(block_path, {})

unleaked contains index if {
	some index, report in input.facts.evaluation.reports
	report.leakage in {"none", "unchecked", "not-asked"}
}
