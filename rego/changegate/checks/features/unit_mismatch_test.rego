package changegate.checks.features_test

import data.changegate.lib_test

in_cents := [put(facts_path("/inputs/0/unit"), {"compared": "other", "promised": "EUR", "accepted": "cent"})]

test_unit_mismatch_fires_alone if {
	failures("high", in_cents) == {"features/unit-mismatch"}
	outcomes("high", in_cents)["features/unit-mismatch"] == lib_test.seen_with(
		failed(["inputs", 0, "unit"], {
			"name": "amount", "contract": "transactions", "promised": "EUR", "accepted": "cent",
		}),
		promised("unit"),
	)
}

test_unit_mismatch_passes_what_is_not_stated if {
	failures("high", [put(facts_path("/inputs/0/unit"), {"compared": "not-stated"})]) == set()
}

test_unit_mismatch_missing if {
	every key in ["/inputs/0/unit/compared", "/inputs/0/unit", "/inputs/0/promise", "/inputs"] {
		"features/unit-mismatch" in failures("high", [drop(facts_path(key))])
	}
}
