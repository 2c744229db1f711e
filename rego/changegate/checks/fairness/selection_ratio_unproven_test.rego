package changegate.checks.fairness_test

test_selection_ratio_unproven_fires_alone if {
	wide := [fact("/selection/0", compared("selection", wide_pair))]
	failures("critical", wide) == {"fairness/selection-ratio-unproven"}
	found := outcomes("critical", wide)["fairness/selection-ratio-unproven"]
	found == failed(at(["groups", 1, "group"]), object.union_n([wide_pair, numbers, few]))
}

test_selection_ratio_unproven_passes_at_the_minimum if {
	failures("critical", [fact("/selection/0/weakest/lowerRatio", 0.8)]) == set()
}

test_selection_ratio_unproven_passes_to_the_warning_below_its_tier if {
	wide := [fact("/selection/0", compared("selection", wide_pair))]
	outcomes("high", wide)["fairness/selection-ratio-unproven"].outcome == "not-applicable"
}

test_selection_ratio_unproven_missing_bound_or_setting_fails if {
	failures("critical", [drop("/facts/fairness/selection/0/weakest/lowerRatio")]) == {"fairness/selection-ratio-unproven"}
	"fairness/selection-ratio-unproven" in failures("critical", [fact("/selection", [])])
	"fairness/selection-ratio-unproven" in failures("critical", [drop("/settings/fairness/conclusiveFrom")])
}
