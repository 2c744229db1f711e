package changegate.checks.evaluation

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The evaluation and its data are recent
# description: What a model was worth last year, or on last year's data, is no evidence for this release.
# custom:
#   severity: error
#   message: "The {subject} is {ageSeconds} old; this tier allows {maximumSeconds}."
#   remediation: 'Evaluate the artifact again on recent data, say in the report when that was collected (`"collectedAt"`), and commit the report. Where a tool''s report cannot say it, say it in the manifest beside its path: `evaluatedAt: …`, and `collectedAt` in `dataset`.'
#   settings: [evaluation.requiredFrom, evaluation.maximumAgeSeconds, evaluation.maximumDataAgeSeconds]
#   optional: [input.facts.evaluation.ages.place]
#   references: ["NIST AI RMF 1.0, MEASURE 2.4: performance is monitored over time"]
#   example:
#     bad: "{\"evaluatedAt\": \"2025-01-10T09:00:00Z\"}  # in the report"
#     good: "{\"evaluatedAt\": \"2026-10-20T09:00:00Z\"}  # in the report"
outcome["evaluation/stale"] := result if result := unread(input.settings.evaluation.requiredFrom)

else := lib.passed if lib.all_good(input.facts.evaluation.ages, recent, has_ages)

else := result if result := lib.none_of(lib.at_place(input.facts.evaluation.ages, recent, age_details, ["place"], block_path), has_ages)

else := lib.failed(block_path, {})

has_ages if {
	readable(input.settings.evaluation.requiredFrom)
	count(input.facts.evaluation.ages) > 0
}

maximum_age := {
	"report": input.settings.evaluation.maximumAgeSeconds[risk.tier],
	"data": input.settings.evaluation.maximumDataAgeSeconds[risk.tier],
}

recent contains index if {
	some index, age in input.facts.evaluation.ages
	age.ageSeconds <= maximum_age[age.of]
}

age_details[index] := details if {
	some index, age in input.facts.evaluation.ages
	details := {
		"subject": {"report": "evaluation", "data": "evaluation's data"}[age.of],
		"ageSeconds": object.get(age, "ageSeconds", "an unknown time"),
		"maximumSeconds": maximum_age[age.of],
	}
}
