package changegate.checks.fairness

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Errors fall on the groups alike
# description: "The gaps of the true-positive rate (sensitivity) and of the false-positive rate (1 - specificity) between two groups. A gap counts as far as it is certain: by the lower bound of its interval."
# custom:
#   severity: error
#   message: "Over {attribute}, {said}; this tier allows a gap of {maximumRatio}."
#   remediation: "Where fewer than two groups can be compared, measure the others too. Else find out why the model errs more often on this group: too little data of it, another prevalence, a feature that means something else there. Mend that, and measure again."
#   settings: [fairness.requiredFrom, fairness.maximumErrorGapRatio, fairness.confidence]
#   optional: [input.facts.fairness.errors.attribute, input.facts.fairness.errors.place, input.facts.fairness.errors.rate, input.facts.fairness.errors.surest.said]
#   references: ["Hardt, Price and Srebro, Equality of opportunity in supervised learning, NeurIPS 2016", "Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17(8), 1998"]
#   example:
#     bad: "sensitivity 0.92 for men and 0.71 for women  # in the report, as counts"
#     good: "sensitivity 0.92 for men and 0.91 for women  # in the report, as counts"
outcome["fairness/error-rates-differ"] := result if result := unread(input.settings.fairness.requiredFrom)

else := lib.passed if {
	count(input.facts.fairness.errors) > 0
	lib.all_good(input.facts.fairness.errors, even, readable(input.settings.fairness.requiredFrom))
}

else := result if {
	count(input.facts.fairness.errors) > 0
	result := lib.none_of(lib.at_place(input.facts.fairness.errors, even, even_details, ["place"], block_path), readable(input.settings.fairness.requiredFrom))
}

else := lib.failed(block_path, {})

even contains index if {
	some index, compared in input.facts.fairness.errors
	compared.status == "known"
	compared.surest.lowerRatio <= input.settings.fairness.maximumErrorGapRatio[risk.tier]
}

even_details[index] := details if {
	some index, compared in input.facts.fairness.errors
	details := object.union(said(compared, "surest"), {
		"attribute": compared.attribute,
		"rate": compared.rate,
		"maximumRatio": input.settings.fairness.maximumErrorGapRatio[risk.tier],
	})
}
