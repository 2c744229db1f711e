package changegate.checks.features_test

lost := [put(facts_path("/outputs/changes"), [{
	"name": "score", "of": "whole", "before": "float32", "place": {"path": ["spec", "features", "outputs"]},
}])]

test_output_breaking_fires_alone if {
	failures("high", lost) == {"features/output-breaking"}
	outcomes("high", lost)["features/output-breaking"] == failed(
		["outputs"],
		{"name": "score", "before": "float32", "after": "gone"},
	)
}

test_output_breaking_passes_with_a_new_major_version if {
	failures("high", array.concat(lost, [put(facts_path("/outputs/majorRose"), true)])) == set()
}

test_output_breaking_lets_a_release_go_back_to_the_named_version if {
	back := array.concat(lost, [put("/change/operation", "rollback")])
	failures("high", back) == {"features/output-breaking"}
	named := array.concat(back, [put("/release/spec/version", "2.2.0")])
	outcomes("high", named)["features/output-breaking"].outcome == "not-applicable"
}

test_output_breaking_fires_whatever_is_known_of_the_output if {
	failures("high", array.concat(lost, [drop(facts_path("/outputs/changes/0/before"))])) == {"features/output-breaking"}
}

test_output_breaking_missing if {
	every key in ["/facts/features/outputs/changes", "/facts/features/outputs", "/previous/status", "/settings/features/outputsFrom"] {
		"features/output-breaking" in failures("high", [drop(key)])
	}
}

scaled(facts) := [put(facts_path("/outputs/changes"), [object.union(
	{
		"name": "score", "of": "range", "before": "range [0, 100]", "after": "range [0, 1]",
		"place": {"path": ["spec", "features", "outputs", 0, "range"]},
	},
	facts,
)])]

test_output_breaking_fires_where_the_scale_changes if {
	failures("high", scaled({"within": true, "spanRatio": 0.01})) == {"features/output-breaking"}
	failures("high", scaled({"within": false, "spanRatio": 2})) == {"features/output-breaking"}
	failures("high", scaled({"within": false})) == {"features/output-breaking"}
	outcomes("high", scaled({"within": true, "spanRatio": 0.01}))["features/output-breaking"] == failed(
		["outputs", 0, "range"],
		{"name": "score", "before": "range [0, 100]", "after": "range [0, 1]"},
	)
}

test_output_breaking_passes_a_narrower_range_of_the_same_scale if {
	failures("high", scaled({"within": true, "spanRatio": 0.5})) == set()
	unset := [drop("/settings/features/minimumOutputSpanRatio")]
	failures("high", array.concat(scaled({"within": true, "spanRatio": 1}), unset)) == {"features/output-breaking"}
}
