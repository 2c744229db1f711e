package changegate.checks.fairness_test

few := {"needed": "measure more people of each group"}

test_selection_ratio_inconclusive_fires_alone if {
	wide := [fact("/selection/0", compared("selection", wide_pair))]
	failures("high", wide) == {"fairness/selection-ratio-inconclusive"}
	found := outcomes("high", wide)["fairness/selection-ratio-inconclusive"]
	found == failed(at(["groups", 1, "group"]), object.union_n([wide_pair, numbers, few]))
}

test_selection_ratio_inconclusive_says_how_many_more_people_tell if {
	needed := {"said": "female needs 12 more", "groups": []}
	wide := [fact("/selection/0", object.union(compared("selection", wide_pair), {"needed": needed}))]
	some violation in outcomes("high", wide)["fairness/selection-ratio-inconclusive"].violations
	violation.details.needed == "female needs 12 more"
}

test_selection_ratio_inconclusive_passes_at_the_minimum if {
	failures("high", [fact("/selection/0/weakest/lowerRatio", 0.8)]) == set()
}

test_selection_ratio_inconclusive_passes_to_another_rule_from_its_tier_on if {
	wide := [fact("/selection/0", compared("selection", wide_pair))]
	outcomes("critical", wide)["fairness/selection-ratio-inconclusive"].outcome == "not-applicable"
}

test_selection_ratio_inconclusive_missing_bound_fails if {
	failures("high", [drop("/facts/fairness/selection/0/weakest/lowerRatio")]) == {"fairness/selection-ratio-inconclusive"}
	"fairness/selection-ratio-inconclusive" in failures("high", [drop("/facts/fairness/selection/0/status")])
	"fairness/selection-ratio-inconclusive" in failures("high", [fact("/selection", [])])
}
