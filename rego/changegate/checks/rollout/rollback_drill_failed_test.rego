package changegate.checks.rollout_test

test_rollback_drill_failed_fires_on_a_slow_one if {
	slow := [put("/facts/rollout/drill/durationSeconds", 5400)]
	failures("high", slow) == {"rollout/rollback-drill-failed"}
	outcomes("high", slow)["rollout/rollback-drill-failed"] == failed_at(
		["outcome"],
		{"durationSeconds": 5400, "maximumSeconds": 1800},
	)
}

test_rollback_drill_failed_fires_alone if {
	failures("high", [put("/facts/rollout/drill/succeeded", false)]) == {"rollout/rollback-drill-failed"}
}

test_rollback_drill_failed_passes_at_the_limit if failures("high", [put("/facts/rollout/drill/durationSeconds", 1800)]) == set()

test_rollback_drill_failed_missing_outcome_fails if failures("high", [drop("/facts/rollout/drill/succeeded")]) == {"rollout/rollback-drill-failed"}

test_rollback_drill_failed_fires_on_one_that_is_slower_than_the_manifest_promises if {
	slower := [put("/facts/rollout/rollback/withinSeconds", 400)]
	outcomes("high", slower)["rollout/rollback-drill-failed"] == failed_at(
		["outcome"],
		{"durationSeconds": 420, "maximumSeconds": 400},
	)
}

test_rollback_drill_failed_missing_promise_fails if {
	failures("high", [drop("/facts/rollout/rollback/withinSeconds")]) == {"rollout/rollback-drill-failed", "rollout/rollback-too-slow"}
}

test_rollback_drill_failed_fires_on_one_that_is_slower_than_the_settings_allow_whatever_is_promised if {
	promised := [put("/facts/rollout/rollback/withinSeconds", 7200), put("/facts/rollout/drill/durationSeconds", 3600)]
	outcomes("high", promised)["rollout/rollback-drill-failed"] == failed_at(
		["outcome"],
		{"durationSeconds": 3600, "maximumSeconds": 1800},
	)
}
