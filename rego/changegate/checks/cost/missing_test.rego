package changegate.checks.cost_test

absent := [
	put("/facts/cost", {"block": "absent", "stated": false, "budgetStated": false}),
	put("/evidence/cost/growth", {"status": "invalid", "reason": "why"}),
]

test_missing_fires_alone if {
	failures("high", absent) == {"cost/missing"}
	outcomes("high", absent)["cost/missing"] == failed(["perThousandInferences"], {})
	statuses(absent) == {
		"cost/missing": "failed",
		"cost/budget-missing": "not-applicable",
		"cost/over-budget": "not-applicable",
		"cost/grew-too-much": "not-applicable",
	}
}

test_missing_passes if outcomes("medium", [])["cost/missing"] == passed

test_missing_missing_fails if failures("high", [drop("/facts/cost/stated")]) == {"cost/missing"}

test_missing_allows_not_applicable_on_the_edge_only if {
	said := array.concat(absent, [put("/facts/cost/block", "not-applicable")])
	failures("high", said) == {"cost/missing"}
	on_edge := array.concat(said, [put("/release/spec/serving/platform", "edge")])
	{outcome | some outcome in statuses(on_edge)} == {"not-applicable"}
	failures("high", array.concat(absent, [put("/release/spec/serving/platform", "edge")])) == {"cost/missing"}
}
