package changegate.checks.features_test

import data.changegate.lib_test

split := [put("/facts/rollout/strategy", "canary")]

test_not_locked_fires_alone if {
	failures("high", split) == {"features/not-locked"}
	outcomes("high", split)["features/not-locked"] == lib_test.seen_with(
		failed_with({
			"path": ["spec", "rollout", "strategy"],
			"details": {"contracts": ["transactions"], "strategy": "canary"},
		}),
		[{"message": "before"}],
	)
	failures("medium", split) == set()
}

test_not_locked_passes_where_no_version_changes if {
	found := outcomes("high", array.concat(split, [put(facts_path("/switches"), [])]))
	found["features/not-locked"].outcome == "not-applicable"
}

test_not_locked_passes_where_there_is_no_plan if {
	found := outcomes("high", [put("/facts/rollout", {"plan": "absent"})])
	found["features/not-locked"].outcome == "not-applicable"
}

test_not_locked_missing if {
	every key in ["/facts/features/switches", "/facts/rollout/strategy", "/previous/status", "/settings/features/lockedFrom", "/settings/features/lockedStrategies"] {
		"features/not-locked" in failures("high", [drop(key)])
	}
}
