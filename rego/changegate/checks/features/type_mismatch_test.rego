package changegate.checks.features_test

import data.changegate.lib_test

test_type_mismatch_fires_alone if {
	every conversion in ["lossy", "incompatible"] {
		other := [put(facts_path("/inputs/0/type/conversion"), conversion)]
		failures("high", other) == {"features/type-mismatch"}
		outcomes("high", other)["features/type-mismatch"] == lib_test.seen_with(
			failed(["inputs", 0, "dtype"], {
				"name": "amount", "contract": "transactions", "promised": "float32", "accepted": "float64",
			}),
			promised("dtype"),
		)
	}
}

test_type_mismatch_passes_what_the_settings_allow if {
	allowed := [put(facts_path("/inputs/0/type/conversion"), "lossy"), put("/settings/features/allowedConversions", ["lossy"])]
	failures("high", allowed) == set()
}

test_type_mismatch_missing if {
	every key in ["/inputs/0/type/conversion", "/inputs/0/type", "/inputs/0/promise", "/inputs"] {
		"features/type-mismatch" in failures("high", array.concat(
			[put(facts_path("/inputs/0/type/conversion"), "incompatible")],
			[drop(facts_path(key))],
		))
	}
	"features/type-mismatch" in failures("high", [drop("/settings/features/allowedConversions")])
}
