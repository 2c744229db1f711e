package changegate.checks.fairness

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: What the settings ask for is covered, group by group
# description: An author chooses what a report holds. What has to be in it, the base says, and each item is answered for itself, so that nothing is left out unseen. A report of a part of the population answers for none.
# custom:
#   severity: error
#   message: "{said}, and the settings ask for it ({reason})."
#   remediation: "Measure it on the whole population, with at least {minimumCount} samples, and add it to a report, spelled as in the settings. Where that cannot be, have `settings.fairness.requiredAttributes` changed in .changegate/config.yaml, in a pull request before this one."
#   settings: [fairness.requiredFrom, fairness.requiredAttributes, fairness.minimumGroupCount]
#   optional: [input.facts.fairness.required.place, input.facts.fairness.required.said, input.facts.fairness.required.minimumKnownRatio]
#   references: ["NIST AI RMF 1.0, MEASURE 1.1: what is measured is chosen for the most significant risks", "NYC Local Law 144 of 2021: each category is measured separately"]
#   example:
#     bad: "requiredAttributes: [{attribute: sex, groups: [female, male, other]}]  # in the settings, and a report on female and male"
#     good: "{\"attribute\": \"sex\", \"group\": \"other\", \"tp\": 310, …}  # in the report, beside the others"
outcome["fairness/required-not-covered"] := lib.not_applicable(lib.low_tier) if {
	input.settings.fairness.requiredFrom in risk.beyond
}

else := lib.not_applicable("the settings ask for nothing by name") if {
	count(input.settings.fairness.requiredAttributes) == 0
}

else := lib.not_applicable("the settings ask for nothing of this task by name") if {
	count(input.settings.fairness.requiredAttributes) > 0
	count(input.facts.fairness.required) == 0
}

else := lib.not_applicable(no_report) if input.evidence.fairness.status == "invalid"

else := lib.unknown(input.evidence.fairness.reason) if input.evidence.fairness.status == "unavailable"

else := result if {
	input.settings.fairness.requiredFrom in lib.tiers
	count(input.settings.fairness.requiredAttributes) > 0
	input.evidence.fairness.status in {"present", "absent"}
	count(input.facts.fairness.required) > 0
	result := lib.none_of(lib.at_place(input.facts.fairness.required, answered, answer_details, ["place"], block_path), true)
}

else := lib.failed(block_path, {})

answered contains index if {
	some index, item in input.facts.fairness.required
	item.status == "measured"
	item.sampleCount >= input.settings.fairness.minimumGroupCount[risk.tier]
}

answered contains index if {
	some index, item in input.facts.fairness.required
	item.status == "measured"
	item.knownRatio >= item.minimumKnownRatio
}

answer_details[index] := details if {
	some index, item in input.facts.fairness.required
	details := {
		"said": item.said,
		"minimumCount": input.settings.fairness.minimumGroupCount[risk.tier],
		"reason": {
			"measured": "not enough data",
			"left-out": "left out",
			"not-there": "not there",
		}[item.status],
	}
}
