package changegate.checks.features_test

import data.changegate.lib_test

test_nullability_mismatch_fires_alone if {
	other := [put(facts_path("/inputs/0/nulls/accepted"), false)]
	failures("high", other) == {"features/nullability-mismatch"}
	outcomes("high", other)["features/nullability-mismatch"] == lib_test.seen_with(
		failed(
			["inputs", 0, "nullable"],
			{"name": "amount", "contract": "transactions"},
		),
		promised("nullable"),
	)
}

test_nullability_mismatch_passes_where_none_is_promised if {
	failures("high", [put(facts_path("/inputs/0/nulls"), {"promised": false, "accepted": false})]) == set()
}

test_nullability_mismatch_missing if {
	every key in ["/inputs/0/nulls/accepted", "/inputs/0/nulls", "/inputs"] {
		"features/nullability-mismatch" in failures("high", [drop(facts_path(key))])
	}
}
