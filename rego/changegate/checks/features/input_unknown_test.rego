package changegate.checks.features_test

import data.changegate.lib_test

test_input_unknown_fires_alone if {
	other := [put(facts_path("/inputs/0"), {"name": "amount", "contract": "payments", "promise": "not-listed"})]
	failures("high", other) == {"features/input-unknown"}
	outcomes("high", other)["features/input-unknown"] == lib_test.seen_with(
		failed(["inputs", 0, "name"], {
			"name": "amount", "contract": "payments", "problem": "is not listed under `features.contracts`",
		}),
		[],
	)
}

test_input_unknown_fires_where_the_contract_has_no_such_feature if {
	other := [put(facts_path("/inputs/0"), {"name": "amuont", "contract": "transactions", "promise": "not-given", "places": promised_at})]
	failures("high", other) == {"features/input-unknown"}
	outcomes("high", other)["features/input-unknown"] == lib_test.seen_with(
		failed(["inputs", 0, "name"], {
			"name": "amuont", "contract": "transactions", "problem": "promises no such feature",
		}),
		promised("feature"),
	)
}

test_input_unknown_passes_a_given_input if passes("medium", [])["features/input-unknown"]

test_input_unknown_missing if {
	"features/input-unknown" in failures("high", [drop(facts_path("/inputs/0/promise"))])
	"features/input-unknown" in failures("high", [drop(facts_path("/inputs"))])
}
