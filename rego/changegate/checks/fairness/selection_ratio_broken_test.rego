package changegate.checks.fairness_test

broken_pair := object.union(pair, {"valueRatio": 0.667, "lowerRatio": 0.561, "upperRatio": 0.792})

test_selection_ratio_broken_fires_alone if {
	broken := [fact("/selection/0", compared("selection", broken_pair))]
	failures("high", broken) == {"fairness/selection-ratio-broken"}
	found := outcomes("high", broken)["fairness/selection-ratio-broken"]
	found == failed(at(["groups", 0, "group"]), object.union(broken_pair, numbers))
}

test_selection_ratio_broken_is_not_hidden_by_a_small_group_at_the_end if {
	hidden := [fact("/selection/0/extremes", wide_pair), fact("/selection/0/surest", broken_pair)]
	failures("high", hidden) == {"fairness/selection-ratio-broken"}
}

test_selection_ratio_broken_fires_where_there_is_no_ratio if {
	nobody := [fact("/selection/0", {
		"attribute": "sex", "rate": "selection", "status": "undefined", "reason": "nobody is selected", "without": [],
		"place": at(["groups", 0, "group"]),
	})]
	failures("high", nobody) == {"fairness/selection-ratio-broken"}
	found := outcomes("high", nobody)["fairness/selection-ratio-broken"]
	found == failed(at(["groups", 0, "group"]), object.union(numbers, {"said": "nobody is selected"}))
}

test_selection_ratio_broken_passes_at_the_minimum if {
	failures("high", [fact("/selection/0/surest/upperRatio", 0.8)]) == set()
}

test_selection_ratio_broken_missing_bound_and_setting_fail if {
	failures("high", [drop("/facts/fairness/selection/0/surest/upperRatio")]) == {"fairness/selection-ratio-broken"}
	"fairness/selection-ratio-broken" in failures("high", [drop("/facts/fairness/selection/0/status")])
	"fairness/selection-ratio-broken" in failures("high", [drop("/settings/fairness/minimumSelectionRatio")])
	"fairness/selection-ratio-broken" in failures("high", [fact("/selection", [])])
}
