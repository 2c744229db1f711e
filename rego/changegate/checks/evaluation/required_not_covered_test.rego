package changegate.checks.evaluation_test

required_rule := "evaluation/required-not-covered"

test_required_not_covered_fires_alone_for_a_slice_that_is_left_out if {
	changed := [fact(["required", 0, "status"], "left-out"), fact(["required", 0, "said"], "it is left out")]
	failures("high", changed) == {required_rule}
	outcomes("high", changed)[required_rule] == failed_at(
		["metrics", 2, "value"],
		{"said": "it is left out", "reason": "left out", "minimumCount": 200},
	)
}

test_required_not_covered_fires_alone_for_too_few if failures("high", [fact(["required", 0, "sampleCount"], 199)]) == {required_rule}

test_required_not_covered_passes_where_all_is_measured if outcomes("high", [])[required_rule] == passed

test_required_not_covered_passes_on_all_of_the_data_by_what_another_rule_counts if {
	failures("high", [fact(["required", 0, "slice"], ""), fact(["required", 0, "sampleCount"], 1)]) == set()
}

test_required_not_covered_passes_where_nothing_is_asked_for if {
	asked := [put("/settings/evaluation/requiredMetrics", []), fact(["required"], [])]
	outcomes("high", asked)[required_rule].outcome == "not-applicable"
}

test_required_not_covered_missing_facts_fail if {
	every path in [["required"], ["required", 0, "status"], ["required", 0, "sampleCount"], ["required", 0, "slice"]] {
		failures("high", [no_fact(path)]) == {required_rule}
	}
	required_rule in failures("high", [drop(["settings", "evaluation", "requiredMetrics"])])
}
