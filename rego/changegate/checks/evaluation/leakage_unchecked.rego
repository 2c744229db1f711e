package changegate.checks.evaluation

import data.changegate.lib

# METADATA
# title: Somebody looked for leakage
# description: Data that leaks from the evaluation into the training makes every figure of the report too good.
# custom:
#   severity: error
#   message: The report does not say that anyone looked for leakage.
#   remediation: 'Look for it, and say how in the report, under `"checks"`: `"leakage": {"checked": true, "found": false, "method": "duplicates by row hash"}`.'
#   settings: [evaluation.leakageFrom]
#   optional: [input.facts.evaluation.reports.places]
#   references: ["Kapoor and Narayanan, Leakage and the reproducibility crisis in machine-learning-based science, Patterns 4(9), 2023"]
#   example:
#     bad: "{\"checks\": {}}  # in the report"
#     good: "{\"checks\": {\"leakage\": {\"checked\": true, \"found\": false}}}  # in the report"
outcome["evaluation/leakage-unchecked"] := result if result := unread(input.settings.evaluation.leakageFrom)

else := result if result := lib.none_of(lib.at_place(input.facts.evaluation.reports, leak_checked, {}, ["places", "checks"], block_path), readable(input.settings.evaluation.leakageFrom))

else := lib.failed(block_path, {})

leak_checked contains index if {
	some index, report in input.facts.evaluation.reports
	report.leakage in {"none", "found", "not-asked"}
}
