package changegate.checks.features_test

import data.changegate.lib_test

nobody_knows := [
	put(facts_path("/inputs/0/type/conversion"), "unknown"),
	put(facts_path("/inputs/0/type/promised"), "a union of 2 types"),
]

test_type_unknown_fires_alone if {
	failures("high", nobody_knows) == {"features/type-unknown"}
	outcomes("high", nobody_knows)["features/type-unknown"] == lib_test.seen_with(
		failed(["inputs", 0, "dtype"], {
			"name": "amount", "contract": "transactions", "promised": "a union of 2 types", "accepted": "float64",
		}),
		promised("dtype"),
	)
}

test_type_unknown_is_allowed_by_no_setting if {
	allowed := array.concat(nobody_knows, [put("/settings/features/allowedConversions", ["same", "unknown"])])
	failures("high", allowed) == {"features/type-unknown"}
}

test_type_unknown_passes_what_is_known if {
	every conversion in ["same", "widening", "unsized", "lossy", "incompatible"] {
		not "features/type-unknown" in failures("high", [put(facts_path("/inputs/0/type/conversion"), conversion)])
	}
}

test_type_unknown_missing if {
	every key in ["/inputs/0/type/conversion", "/inputs/0/type", "/inputs/0/promise", "/inputs"] {
		"features/type-unknown" in failures("high", [drop(facts_path(key))])
	}
}
