package changegate.checks.rollout_test

test_bake_too_short_fires_with_its_numbers if {
	short := [put("/facts/rollout/steps/1/bakeSeconds", 600)]
	failures("high", short) == {"rollout/bake-too-short"}
	outcomes("high", short)["rollout/bake-too-short"] == failed(
		array.concat(steps, [1]),
		{"bakeSeconds": 600, "minimumSeconds": 1800},
	)
}

test_bake_too_short_missing_bake_fails if {
	outcomes("high", [drop("/facts/rollout/steps/1/bakeSeconds")])["rollout/bake-too-short"] == failed(array.concat(steps, [1]), {})
}

test_bake_too_short_missing_minimum_fails if {
	outcomes("high", [drop("/settings/rollout/minimumBakeSeconds/high")])["rollout/bake-too-short"].outcome == "failed"
}

test_bake_too_short_passes_at_the_minimum if failures("high", [put("/facts/rollout/steps/1/bakeSeconds", 1800)]) == set()
