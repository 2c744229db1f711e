package changegate.checks.features_test

import data.changegate.lib_test

not_said := [
	put(facts_path("/inputs/0/nulls/promised"), "not-said"),
	put(facts_path("/inputs/0/nulls/accepted"), false),
]

test_nullability_unsaid_fires_alone if {
	failures("high", not_said) == {"features/nullability-unsaid"}
	outcomes("high", not_said)["features/nullability-unsaid"] == lib_test.seen_with(
		failed(["inputs", 0, "name"], {"name": "amount", "contract": "transactions"}),
		promised("feature"),
	)
}

test_nullability_unsaid_passes_what_takes_nulls if {
	failures("high", [put(facts_path("/inputs/0/nulls/promised"), "not-said")]) == set()
}

test_nullability_unsaid_passes_what_is_said if {
	every said in [true, false] {
		not "features/nullability-unsaid" in failures("high", [
			put(facts_path("/inputs/0/nulls/promised"), said),
			put(facts_path("/inputs/0/nulls/accepted"), false),
		])
	}
}

test_nullability_unsaid_missing if {
	every key in ["/inputs/0/nulls", "/inputs/0/promise", "/inputs"] {
		"features/nullability-unsaid" in failures("high", [drop(facts_path(key))])
	}
	every key in ["/inputs/0/nulls/promised", "/inputs/0/nulls/accepted"] {
		"features/nullability-unsaid" in failures("high", array.concat(not_said, [drop(facts_path(key))]))
	}
}
