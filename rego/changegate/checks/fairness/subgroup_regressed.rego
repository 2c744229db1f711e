package changegate.checks.fairness

import data.changegate.lib

# METADATA
# title: No group fares worse than in the previous release
# description: A group's selection rate, as a share of the highest, may fall no further than this, by the lower bound of the fall's interval; and a group that was measured stays measured.
# custom:
#   severity: error
#   message: "Compared with the previous release, {said}; the selection ratio of a group may fall by {maximumRatio}."
#   remediation: "Where the group is no longer measured, measure it again. Else find out what changed for it, and mend that. If groups were renamed or joined, ask for a waiver for this one release."
#   settings: [fairness.requiredFrom, fairness.maximumFallRatio, fairness.confidence]
#   optional: [input.facts.fairness.comparison.groups.place, input.facts.fairness.comparison.groups.said]
#   references: ["NIST AI RMF 1.0, MEASURE 4.3: improvements and declines are tracked"]
#   example:
#     bad: "women selected 0.84 times as often as men  # in the report; it was 0.97"
#     good: "women selected 0.96 times as often as men  # in the report; it was 0.97"
outcome["fairness/subgroup-regressed"] := result if result := unread(input.settings.fairness.requiredFrom)

else := lib.not_applicable("there is no previous release") if input.previous.status == "absent"

else := lib.unknown(input.previous.reason) if input.previous.status in {"invalid", "unavailable"}

else := lib.not_applicable(comparison.reason) if comparison.status == "absent"

else := lib.unknown(comparison.reason) if comparison.status == "unavailable"

else := lib.not_applicable("the previous reports select nobody, so there is nothing to compare with") if {
	comparison.status == "present"
	count(input.facts.fairness.comparison.groups) == 0
	count(input.facts.fairness.comparison.dropped) == 0
}

else := result if {
	input.previous.status == "present"
	comparison.status == "present"
	count(input.facts.fairness.comparison.dropped) >= 0
	worse := lib.at_place(input.facts.fairness.comparison.groups, kept, fall_details, ["place"], block_path)
	gone := lib.at_place(input.facts.fairness.comparison.dropped, set(), gone_details, ["place"], block_path)
	result := lib.none_of(worse | gone, readable(input.settings.fairness.requiredFrom))
}

else := lib.failed(block_path, {"said": comparison.reason, "maximumRatio": maximum_fall}) if {
	comparison.status == "invalid"
}

else := lib.failed(block_path, {})

comparison := input.evidence.fairness.comparison

maximum_fall := input.settings.fairness.maximumFallRatio

kept contains index if {
	some index, group in input.facts.fairness.comparison.groups
	group.fallLowerRatio <= maximum_fall
}

fall_details[index] := details if {
	some index, group in input.facts.fairness.comparison.groups
	details := object.union(object.remove(group, ["place"]), {"maximumRatio": maximum_fall})
}

gone_details[index] := details if {
	some index, group in input.facts.fairness.comparison.dropped
	details := object.union(object.remove(group, ["place"]), {"maximumRatio": maximum_fall})
}
