package changegate.checks.fairness

import data.changegate.lib

# METADATA
# title: The selection ratio is known well enough
# description: Where the interval of any two groups holds the minimum, the data can tell neither that their ratio keeps it nor that it breaks it. From the tier of `conclusiveFrom` on that closes the gate, by selection-ratio-unproven.
# custom:
#   severity: warning
#   message: "There is not enough data on {attribute} to tell: {said}. A true ratio of {lowerRatio} would look like this, and {minimumRatio} is asked for; {needed}."
#   remediation: "Measure more people: {needed}."
#   settings: [fairness.requiredFrom, fairness.conclusiveFrom, fairness.minimumSelectionRatio, fairness.confidence]
#   optional: [input.facts.fairness.selection.attribute, input.facts.fairness.selection.weakest.said, input.facts.fairness.selection.weakest.upperRatio, input.facts.fairness.selection.weakestPlace, input.facts.fairness.selection.needed, input.facts.fairness.selection.surest]
#   references: ["29 CFR 1607.4(D): differences that rest on small numbers may be no adverse impact"]
#   example:
#     bad: "6 of 10 women selected and 9 of 10 men: 0.667, 95% interval 0.386 to 1.15  # in the report, as counts"
#     good: "850 of 1000 women selected and 900 of 1000 men: 0.944, 95% interval 0.914 to 0.976  # in the report, as counts"
outcome["fairness/selection-ratio-inconclusive"] := result if result := unread(input.settings.fairness.requiredFrom)

else := lib.not_applicable("this tier closes where there is not enough data: see fairness/selection-ratio-unproven") if {
	input.settings.fairness.conclusiveFrom in reached
}

else := result if {
	count(input.facts.fairness.selection) > 0
	result := lib.none_of(unproven, conclusive_asked)
}

else := lib.failed(block_path, {})
