package changegate.checks.fairness

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The fairness report is recent
# description: People change, and so does who is measured. A report of last year is no evidence for this release.
# custom:
#   severity: error
#   message: "The fairness report is {ageSeconds} old; this tier allows {maximumSeconds}."
#   remediation: "Measure again, and commit the new report. Where a tool's report cannot say when it was made, say it in the manifest beside its path: `evaluatedAt: …`."
#   settings: [fairness.requiredFrom, fairness.maximumAgeSeconds]
#   optional: [input.facts.fairness.reports.places]
#   references: ["NYC Local Law 144 of 2021: a bias audit is at most one year old"]
#   example:
#     bad: "{\"evaluatedAt\": \"2025-01-10T09:00:00Z\"}  # in the report"
#     good: "{\"evaluatedAt\": \"2026-10-20T09:00:00Z\"}  # in the report"
outcome["fairness/stale"] := result if result := unread(input.settings.fairness.requiredFrom)

else := result if {
	result := lib.none_of(lib.at_place(input.facts.fairness.reports, recent, recent_details, ["places", "evaluatedAt"], block_path), readable(input.settings.fairness.requiredFrom))
}

else := lib.failed(block_path, {})

recent contains index if {
	some index, report in input.facts.fairness.reports
	report.ageSeconds <= input.settings.fairness.maximumAgeSeconds[risk.tier]
}

recent_details[index] := details if {
	some index, report in input.facts.fairness.reports
	details := {
		"ageSeconds": object.get(report, "ageSeconds", "an unknown time"),
		"maximumSeconds": input.settings.fairness.maximumAgeSeconds[risk.tier],
	}
}
