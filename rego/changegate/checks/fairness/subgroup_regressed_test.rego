package changegate.checks.fairness_test

test_subgroup_regressed_fires_alone if {
	fell := [fact("/comparison/groups/0/fallLowerRatio", 0.06)]
	failures("high", fell) == {"fairness/subgroup-regressed"}
	found := outcomes("high", fell)["fairness/subgroup-regressed"]
	found == failed(at(["groups", 0, "group"]), {
		"attribute": "sex", "group": "female", "said": "it fell", "valueRatio": 0.95, "previousRatio": 0.97,
		"fallRatio": 0.02, "fallLowerRatio": 0.06, "maximumRatio": 0.05,
	})
}

test_subgroup_regressed_fires_for_a_group_that_is_gone if {
	gone := {"attribute": "sex", "group": "other", "said": "no longer measured"}
	patch := [fact("/comparison/dropped", [gone])]
	failures("high", patch) == {"fairness/subgroup-regressed"}
	details := object.union(gone, {"maximumRatio": 0.05})
	outcomes("high", patch)["fairness/subgroup-regressed"] == failed(block, details)
	alone := array.concat(patch, [fact("/comparison/groups", [])])
	failures("high", alone) == {"fairness/subgroup-regressed"}
}

test_subgroup_regressed_statuses_of_the_previous_release if {
	outcomes("high", [put("/previous", {"status": "absent", "reason": "none"})])["fairness/subgroup-regressed"].outcome == "not-applicable"
	unknowns([put("/previous", {"status": "unavailable", "reason": "why"})]) == {"fairness/subgroup-regressed"}
	unknowns([put("/previous", {"status": "invalid", "reason": "why"})]) == {"fairness/subgroup-regressed"}
	comparison := "/evidence/fairness/comparison"
	unknowns([put(comparison, {"status": "unavailable", "reason": "why"})]) == {"fairness/subgroup-regressed"}
	absent := outcomes("high", [put(comparison, {"status": "absent", "reason": "no report"})])
	absent["fairness/subgroup-regressed"].outcome == "not-applicable"
	invalid := [put(comparison, {"status": "invalid", "reason": "why"})]
	outcomes("high", invalid)["fairness/subgroup-regressed"] == failed(block, {"said": "why", "maximumRatio": 0.05})
}

test_subgroup_regressed_has_nothing_to_compare_with if {
	nothing := [fact("/comparison", {"groups": [], "dropped": []})]
	outcomes("high", nothing)["fairness/subgroup-regressed"].outcome == "not-applicable"
}

test_subgroup_regressed_passes_where_the_fall_is_not_certain if {
	uncertain := [fact("/comparison/groups/0/fallRatio", 0.2), fact("/comparison/groups/0/fallLowerRatio", 0.05)]
	outcomes("high", uncertain)["fairness/subgroup-regressed"] == passed
}

test_subgroup_regressed_missing_facts_fail if {
	every path in [
		"/facts/fairness/comparison/groups/0/fallLowerRatio", "/facts/fairness/comparison/groups",
		"/facts/fairness/comparison/dropped", "/evidence/fairness/comparison/status",
		"/settings/fairness/maximumFallRatio", "/previous/status",
	] {
		failures("high", [drop(path)]) == {"fairness/subgroup-regressed"}
	}
}
