package changegate.checks.features_test

import data.changegate.lib_test

test_range_mismatch_fires_alone if {
	other := [put(facts_path("/inputs/0/values/compared"), "outside"), put(facts_path("/inputs/0/values/accepted"), [0, 5])]
	failures("high", other) == {"features/range-mismatch"}
	outcomes("high", other)["features/range-mismatch"] == lib_test.seen_with(
		failed(["inputs", 0, "range"], {
			"name": "amount", "contract": "transactions", "key": "range", "promised": [0, 10], "accepted": [0, 5],
		}),
		promised("range"),
	)
}

test_range_mismatch_stands_at_the_enumeration if {
	values := {"compared": "outside", "key": "enum", "promised": ["a", "b"], "accepted": ["a"]}
	found := outcomes("high", [put(facts_path("/inputs/0/values"), values)])["features/range-mismatch"]
	{one.path | some one in found.violations} == {["spec", "features", "inputs", 0, "enum"]}
}

test_range_mismatch_passes_where_one_side_states_none if {
	failures("high", [put(facts_path("/inputs/0/values"), {"compared": "not-stated"})]) == set()
}

test_range_mismatch_missing if {
	every key in ["/inputs/0/values/compared", "/inputs/0/values", "/inputs"] {
		"features/range-mismatch" in failures("high", [drop(facts_path(key))])
	}
}
