package changegate.checks.features_test

lost := [put(facts_path("/outputs/changes"), [{
	"name": "score", "before": "float32", "place": {"path": ["spec", "features", "outputs"]},
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
