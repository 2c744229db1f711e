package changegate.checks.fairness_test

test_selection_ratio_inconclusive_fires_alone if {
	wide := [fact("/selection/0", compared("selection", wide_pair))]
	failures("high", wide) == {"fairness/selection-ratio-inconclusive"}
	found := outcomes("high", wide)["fairness/selection-ratio-inconclusive"]
	found == failed(at(["groups", 1, "group"]), object.union(wide_pair, numbers))
}

test_selection_ratio_inconclusive_passes_at_the_minimum if {
	failures("high", [fact("/selection/0/extremes/lowerRatio", 0.8)]) == set()
}

test_selection_ratio_inconclusive_missing_bound_fails if {
	failures("high", [drop("/facts/fairness/selection/0/extremes/lowerRatio")]) == {"fairness/selection-ratio-inconclusive"}
	"fairness/selection-ratio-inconclusive" in failures("high", [drop("/facts/fairness/selection/0/status")])
	"fairness/selection-ratio-inconclusive" in failures("high", [fact("/selection", [])])
}
