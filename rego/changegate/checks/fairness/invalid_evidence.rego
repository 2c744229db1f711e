package changegate.checks.fairness

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Fairness reports can be believed
# description: A report that is not there, is not the one that its digest names, contradicts itself or comes from the future shows nothing.
# custom:
#   severity: error
#   message: "The fairness report is not valid: {reason}."
#   remediation: "Commit the report as the measurement wrote it (a crosstab of Aequitas goes into `records`), and write the sha256 of that file into `digest` (`sha256sum FILE` prints it). What a report holds: {docs}/evidence.md"
#   settings: [fairness.requiredFrom]
#   optional: [input.settings, input.evidence.fairness.files.place]
#   references: ["https://changegate.dev/schemas/fairness-counts.schema.json"]
#   example:
#     bad: "{\"groups\": [{\"attribute\": \"sex\", \"group\": \"female\", \"selectionRate\": 0.4}]}  # in the report: a rate, and no counts"
#     good: "{\"groups\": [{\"attribute\": \"sex\", \"group\": \"female\", \"tp\": 900, \"fp\": 700, \"tn\": 48000, \"fn\": 140}]}"
outcome["fairness/invalid-evidence"] := lib.not_applicable("the manifest names no fairness report") if {
	input.evidence.fairness.status == "absent"
}

else := {"outcome": "failed", "violations": unsound} if count(unsound) > 0

else := lib.not_applicable(lib.low_tier) if {
	input.evidence.fairness.status == "unavailable"
	input.settings.fairness.requiredFrom in risk.beyond
}

else := lib.unknown(input.evidence.fairness.reason) if input.evidence.fairness.status == "unavailable"

else := lib.passed if {
	input.evidence.fairness.status == "present"
	count(input.evidence.fairness.files) > 0
	every file in input.evidence.fairness.files { file.status == "present" }
}

else := lib.failed(block_path, {})

unsound := lib.unsound(input.evidence.fairness.files, block_path)
