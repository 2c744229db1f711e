package changegate.checks.features_test

import data.changegate.lib_test

too_old := [put(facts_path("/inputs/0/age/promisedSeconds"), 3601), put(facts_path("/inputs/0/age/promised"), "1h1s")]

test_freshness_insufficient_fires_alone if {
	failures("high", too_old) == {"features/freshness-insufficient"}
	outcomes("high", too_old)["features/freshness-insufficient"] == lib_test.seen_with(
		failed(["inputs", 0, "freshness"], {
			"name": "amount", "contract": "transactions", "needed": "1h", "promised": "1h1s",
		}),
		promised("freshness"),
	)
}

test_freshness_insufficient_fires_where_nothing_is_promised if {
	nothing := [
		put(facts_path("/inputs/0/age"), {"asked": true, "needed": "1h", "neededSeconds": 3600, "promised": "nothing"}),
		drop(facts_path("/inputs/0/places/freshness")),
	]
	failures("high", nothing) == {"features/freshness-insufficient"}
	some violation in outcomes("high", nothing)["features/freshness-insufficient"].violations
	violation.related == promised("feature")
}

test_freshness_insufficient_passes_what_needs_none_and_the_very_age if {
	every age in [
		{"asked": false},
		{"asked": true, "needed": "1h", "neededSeconds": 3600, "promised": "1h", "promisedSeconds": 3600},
	] {
		failures("high", [put(facts_path("/inputs/0/age"), age)]) == set()
	}
}

test_freshness_insufficient_missing if {
	every key in ["/inputs/0/age/promisedSeconds", "/inputs/0/age/neededSeconds", "/inputs/0/age", "/inputs/0/promise", "/inputs"] {
		"features/freshness-insufficient" in failures("high", [drop(facts_path(key))])
	}
}
