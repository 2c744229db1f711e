package changegate.checks.evaluation

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: What the settings ask for is measured, slice by slice
# description: An author chooses what a report holds. What has to be in it, the base says, and each item is answered for itself, so that nothing is left out unseen. A report of a part of the population answers for none.
# custom:
#   severity: error
#   message: "{said}, and the settings ask for it ({reason})."
#   remediation: "Measure it on the whole population, with at least {minimumCount} samples, and add it to a report, spelled as in the settings. Where that cannot be, have `settings.evaluation.requiredMetrics` changed in .changegate/config.yaml, in a pull request before this one."
#   settings: [evaluation.requiredFrom, evaluation.requiredMetrics, evaluation.minimumSliceSampleCount]
#   optional: [input.facts.evaluation.required.place, input.facts.evaluation.required.said]
#   references: ["NIST AI RMF 1.0, MEASURE 1.1: what is measured is chosen for the most significant risks", "NYC Local Law 144 of 2021: each category is measured separately"]
#   example:
#     bad: "requiredMetrics: [{metric: recall, slices: [country=DE]}]  # in the settings, and a report on country=FR"
#     good: "{\"name\": \"recall\", \"slice\": \"country=DE\", \"value\": 0.86, …}  # in the report"
outcome["evaluation/required-not-covered"] := lib.not_applicable(lib.low_tier) if {
	input.settings.evaluation.requiredFrom in risk.beyond
}

else := lib.not_applicable("the settings ask for nothing by name") if {
	count(input.settings.evaluation.requiredMetrics) == 0
}

else := lib.not_applicable("the settings ask for nothing of this task by name") if {
	count(input.settings.evaluation.requiredMetrics) > 0
	count(input.facts.evaluation.required) == 0
}

else := lib.not_applicable(no_report) if input.evidence.evaluation.status == "invalid"

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := result if {
	input.settings.evaluation.requiredFrom in lib.tiers
	count(input.settings.evaluation.requiredMetrics) > 0
	input.evidence.evaluation.status in {"present", "absent"}
	count(input.facts.evaluation.required) > 0
	result := lib.none_of(lib.at_place(input.facts.evaluation.required, answered, answer_details, ["place"], block_path), true)
}

else := lib.failed(block_path, {})

answered contains index if {
	some index, item in input.facts.evaluation.required
	item.status == "measured"
	item.sampleCount >= required_samples(item)
}

# On how many samples the whole of the data has to stand, sample-too-small says.
required_samples(item) := 1 if item.slice == ""

required_samples(item) := input.settings.evaluation.minimumSliceSampleCount[risk.tier] if item.slice != ""

answer_details[index] := details if {
	some index, item in input.facts.evaluation.required
	details := {
		"said": item.said,
		"minimumCount": required_samples(item),
		"reason": {
			"measured": "not enough data",
			"left-out": "left out",
			"not-there": "not there",
		}[item.status],
	}
}
