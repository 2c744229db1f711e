package changegate.checks.features_test

skewed(kind, conversion) := [put(facts_path("/skew"), [{
	"side": "input", "name": "amount", "kind": kind, "trained": "float32", "served": "float64", "conversion": conversion,
	"place": {"path": ["spec", "features", "inputs", 0, "dtype"]},
}])]

test_skew_fires_alone if {
	failures("high", skewed("type", "incompatible")) == {"features/skew"}
	outcomes("high", skewed("type", "incompatible"))["features/skew"] == failed(["inputs", 0, "dtype"], {
		"side": "input", "name": "amount", "kind": "type", "trained": "float32", "served": "float64",
	})
}

test_skew_fires_on_each_kind if {
	every kind in ["missing", "extra", "nullable", "shape", "number"] {
		failures("high", skewed(kind, "widening")) == {"features/skew"}
	}
}

test_skew_passes_what_the_settings_allow_and_never_the_unknown if {
	failures("high", skewed("type", "widening")) == set()
	allowed := [put("/settings/features/allowedConversions", ["same", "widening", "unknown"])]
	failures("high", array.concat(skewed("type", "unknown"), allowed)) == {"features/skew"}
}

test_skew_missing if {
	every key in ["/skew", "/signature/status", "/signature"] {
		"features/skew" in failures("high", [drop(facts_path(key))])
	}
	every key in ["/skew/0/kind", "/skew/0/conversion"] {
		"features/skew" in failures("high", array.concat(skewed("type", "widening"), [drop(facts_path(key))]))
	}
}
