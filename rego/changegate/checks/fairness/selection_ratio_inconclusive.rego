package changegate.checks.fairness

import data.changegate.lib

# METADATA
# title: The selection ratio is known well enough
# description: Where the interval holds the minimum, the data can tell neither that the ratio keeps it nor that it breaks it.
# custom:
#   severity: warning
#   message: "There is not enough data on {attribute} to tell: {said}, and the minimum of {minimumRatio} lies within the interval."
#   remediation: "Measure more people of the smaller group, until the interval's lower bound is at least the minimum."
#   settings: [fairness.requiredFrom, fairness.minimumSelectionRatio, fairness.confidence]
#   optional: [input.facts.fairness.selection.attribute, input.facts.fairness.selection.extremes.said, input.facts.fairness.selection.extremes.upperRatio, input.facts.fairness.selection.extremesPlace, input.facts.fairness.selection.surest]
#   references: ["29 CFR 1607.4(D): differences that rest on small numbers may be no adverse impact"]
#   example:
#     bad: "6 of 10 women selected and 9 of 10 men: 0.667, 95% interval 0.386 to 1.15  # in the report, as counts"
#     good: "850 of 1000 women selected and 900 of 1000 men: 0.944, 95% interval 0.914 to 0.976  # in the report, as counts"
outcome["fairness/selection-ratio-inconclusive"] := result if result := unread(input.settings.fairness.requiredFrom)

else := result if {
	count(input.facts.fairness.selection) > 0
	result := lib.none_of(
		lib.at_place(input.facts.fairness.selection, conclusive, extremes_details, ["extremesPlace"], block_path),
		readable(input.settings.fairness.requiredFrom),
	)
}

else := lib.failed(block_path, {})

conclusive contains index if {
	some index, compared in input.facts.fairness.selection
	compared.status == "known"
	compared.extremes.lowerRatio >= input.settings.fairness.minimumSelectionRatio
}

# What is surely broken, or has no ratio at all, is told by selection-ratio-broken.
conclusive contains index if {
	some index, compared in input.facts.fairness.selection
	compared.status == "known"
	compared.surest.upperRatio < input.settings.fairness.minimumSelectionRatio
}

conclusive contains index if {
	some index, compared in input.facts.fairness.selection
	compared.status == "undefined"
}

extremes_details[index] := details if {
	some index, compared in input.facts.fairness.selection
	details := object.union(said(compared, "extremes"), {
		"attribute": compared.attribute,
		"minimumRatio": input.settings.fairness.minimumSelectionRatio,
	})
}
