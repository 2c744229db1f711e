package changegate.checks.fairness

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Every group is large enough to be compared
# description: A rate of a few people is noise, and a group without positives has no true-positive rate at all.
# custom:
#   severity: error
#   message: "The group {group} of {attribute} has {sampleCount} members: {positivesCount} positives and {negativesCount} negatives. This tier needs at least {minimumCount}, and {minimumClassCount} of each."
#   remediation: "Measure more people of this group, or join it with one that is treated alike. Where there are no more such people, ask for a waiver that says so."
#   settings: [fairness.requiredFrom, fairness.minimumGroupCount, fairness.minimumClassCount]
#   optional: [input.facts.fairness.groups.attribute, input.facts.fairness.groups.group, input.facts.fairness.groups.place, input.facts.fairness.groups.undefinedRates]
#   references: ["NYC Local Law 144 of 2021: categories under 2% may be left out with a justification"]
#   example:
#     bad: "{\"attribute\": \"sex\", \"group\": \"female\", \"tp\": 3, \"fp\": 1, \"tn\": 16, \"fn\": 0}  # in the report"
#     good: "{\"attribute\": \"sex\", \"group\": \"female\", \"tp\": 900, \"fp\": 700, \"tn\": 48000, \"fn\": 140}  # in the report"
outcome["fairness/group-too-small"] := result if result := unread(input.settings.fairness.requiredFrom)

else := lib.passed if {
	count(input.facts.fairness.groups) > 0
	lib.all_good(input.facts.fairness.groups, large, readable(input.settings.fairness.requiredFrom))
}

else := result if {
	count(input.facts.fairness.groups) > 0
	result := lib.none_of(lib.at_place(input.facts.fairness.groups, large, large_details, ["place"], block_path), readable(input.settings.fairness.requiredFrom))
}

else := lib.failed(block_path, {})

large contains index if {
	some index, group in input.facts.fairness.groups
	group.sampleCount >= input.settings.fairness.minimumGroupCount[risk.tier]
	group.positivesCount >= input.settings.fairness.minimumClassCount[risk.tier]
	group.negativesCount >= input.settings.fairness.minimumClassCount[risk.tier]
}

large_details[index] := details if {
	some index, group in input.facts.fairness.groups
	details := {
		"attribute": group.attribute,
		"group": group.group,
		"sampleCount": object.get(group, "sampleCount", "an unknown number of"),
		"positivesCount": object.get(group, "positivesCount", "an unknown number of"),
		"negativesCount": object.get(group, "negativesCount", "an unknown number of"),
		"undefinedRates": group.undefinedRates,
		"minimumCount": input.settings.fairness.minimumGroupCount[risk.tier],
		"minimumClassCount": input.settings.fairness.minimumClassCount[risk.tier],
	}
}
