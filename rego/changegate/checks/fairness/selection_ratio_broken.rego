package changegate.checks.fairness

import data.changegate.lib

# METADATA
# title: Groups are selected alike
# description: The four-fifths rule, read with the interval. It is broken when even the upper bound lies below the minimum; when only the value does, there is not enough data, which is another rule.
# custom:
#   severity: error
#   message: "Over {attribute}, {said}; a ratio of at least {minimumRatio} is asked for."
#   remediation: "Where fewer than two groups can be compared, measure the others too. Else find out why the groups differ, and mend the model or its threshold. If the difference is meant and lawful, ask for a waiver that says why."
#   settings: [fairness.requiredFrom, fairness.minimumSelectionRatio, fairness.confidence]
#   optional: [input.facts.fairness.selection.attribute, input.facts.fairness.selection.place, input.facts.fairness.selection.surest.said]
#   references: ["29 CFR 1607.4(D): the four-fifths rule", "NYC Local Law 144 of 2021", "Katz et al., Obtaining confidence intervals for the risk ratio in cohort studies, Biometrics 34(3), 1978"]
#   example:
#     bad: "60 of 100 women selected and 90 of 100 men: 0.667, 95% interval 0.561 to 0.792  # in the report, as counts"
#     good: "85 of 100 women selected and 90 of 100 men: 0.944, 95% interval 0.850 to 1.049  # in the report, as counts"
outcome["fairness/selection-ratio-broken"] := result if result := unread(input.settings.fairness.requiredFrom)

else := lib.passed if {
	count(input.facts.fairness.selection) > 0
	lib.all_good(input.facts.fairness.selection, unbroken, readable(input.settings.fairness.requiredFrom))
}

else := result if {
	count(input.facts.fairness.selection) > 0
	result := lib.none_of(lib.at_place(input.facts.fairness.selection, unbroken, selection_details, ["place"], block_path), readable(input.settings.fairness.requiredFrom))
}

else := lib.failed(block_path, {})

unbroken contains index if {
	some index, compared in input.facts.fairness.selection
	compared.status == "known"
	compared.surest.upperRatio >= input.settings.fairness.minimumSelectionRatio
}

selection_details[index] := details if {
	some index, compared in input.facts.fairness.selection
	details := object.union(said(compared, "surest"), {
		"attribute": compared.attribute,
		"minimumRatio": input.settings.fairness.minimumSelectionRatio,
	})
}
