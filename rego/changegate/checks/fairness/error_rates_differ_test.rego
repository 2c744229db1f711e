package changegate.checks.fairness_test

test_error_rates_differ_fires_alone if {
	every index in [0, 1] {
		far := object.union(gap, {"valueRatio": 0.2, "lowerRatio": 0.06})
		rate := ["truePositive", "falsePositive"][index]
		patch := [fact(concat("/", ["/errors", format_int(index, 10)]), compared(rate, far))]
		failures("high", patch) == {"fairness/error-rates-differ"}
		details := object.union(far, {"attribute": "sex", "rate": rate, "maximumRatio": 0.05})
		outcomes("high", patch)["fairness/error-rates-differ"] == failed(at(["groups", 0, "group"]), details)
		failures("medium", patch) == set()
	}
}

test_error_rates_differ_passes_where_the_gap_is_not_certain if {
	failures("high", [fact("/errors/0/surest/valueRatio", 0.2), fact("/errors/0/surest/lowerRatio", 0.05)]) == set()
}

test_error_rates_differ_fires_where_a_rate_is_undefined if {
	none := [fact("/errors/0", {
		"attribute": "sex", "rate": "truePositive", "status": "undefined", "reason": "no positives",
		"without": ["female", "male"], "place": at(["groups", 0, "group"]),
	})]
	failures("high", none) == {"fairness/error-rates-differ"}
	found := outcomes("high", none)["fairness/error-rates-differ"]
	details := {"attribute": "sex", "rate": "truePositive", "said": "no positives", "maximumRatio": 0.05}
	found == failed(at(["groups", 0, "group"]), details)
}

test_error_rates_differ_missing_bound_and_setting_fail if {
	failures("high", [drop("/facts/fairness/errors/0/surest/lowerRatio")]) == {"fairness/error-rates-differ"}
	failures("high", [drop("/facts/fairness/errors/1/status")]) == {"fairness/error-rates-differ"}
	failures("high", [drop("/settings/fairness/maximumErrorGapRatio/high")]) == {"fairness/error-rates-differ"}
	failures("high", [fact("/errors", [])]) == {"fairness/error-rates-differ"}
}
