package changegate.checks.rollout_test

test_rollback_too_slow_fires_with_its_numbers if {
	slow := [put("/facts/rollout/rollback/withinSeconds", 21600)]
	failures("high", slow) == {"rollout/rollback-too-slow"}
	outcomes("high", slow)["rollout/rollback-too-slow"] == failed(
		["spec", "rollout", "rollback", "within"],
		{"withinSeconds": 21600, "maximumSeconds": 1800},
	)
}

test_rollback_too_slow_passes_at_the_limit if {
	outcomes("high", [put("/facts/rollout/rollback/withinSeconds", 1800)])["rollout/rollback-too-slow"] == passed
}

test_rollback_too_slow_missing_time_fails if {
	"rollout/rollback-too-slow" in failures("high", [drop("/facts/rollout/rollback/withinSeconds")])
	"rollout/rollback-too-slow" in failures("high", [drop("/settings/rollout/maximumRollbackSeconds")])
}

test_a_time_that_is_not_stated_is_the_settings if {
	unstated := [put("/facts/rollout/rollback/withinStated", false)]
	outcomes("high", unstated)["rollout/rollback-too-slow"].outcome == "not-applicable"
}
