package changegate.checks.features_test

import data.changegate.lib_test

for_marketing := [put(facts_path("/purpose"), "marketing")]

test_sensitive_not_approved_fires_alone if {
	failures("high", for_marketing) == {"features/sensitive-not-approved"}
	outcomes("high", for_marketing)["features/sensitive-not-approved"] == lib_test.seen_with(
		failed(["inputs", 0, "name"], {
			"name": "amount", "contract": "transactions", "levels": ["personal"], "purpose": "marketing",
		}),
		promised("sensitivity"),
	)
}

test_sensitive_not_approved_fires_without_a_purpose if {
	failures("high", [put(facts_path("/purpose"), "")]) == {"features/sensitive-not-approved"}
	some violation in outcomes("high", [put(facts_path("/purpose"), "")])["features/sensitive-not-approved"].violations
	violation.details.purpose == "a purpose that it does not name"
}

test_sensitive_not_approved_passes_other_levels if {
	every levels in [[], ["public"]] {
		failures("high", array.concat(for_marketing, [put(facts_path("/inputs/0/sensitivity/levels"), levels)])) == set()
	}
}

test_sensitive_not_approved_missing if {
	every key in ["/inputs/0/sensitivity", "/inputs/0/promise", "/inputs"] {
		"features/sensitive-not-approved" in failures("high", [drop(facts_path(key))])
	}
	every key in ["/inputs/0/sensitivity/levels", "/purpose"] {
		"features/sensitive-not-approved" in failures("high", array.concat(for_marketing, [drop(facts_path(key))]))
	}
	"features/sensitive-not-approved" in failures("high", array.concat(for_marketing, [drop("/settings/features/sensitiveLevels")]))
}
