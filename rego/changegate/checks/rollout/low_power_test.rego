package changegate.checks.rollout_test

test_low_power_missing_expectation_fails if {
	failures("medium", [drop("/facts/rollout/steps/0/expectedRequestsCount")]) == {"rollout/low-power"}
}

test_low_power_passes_with_as_many_as_are_needed if {
	outcomes("medium", [put("/facts/rollout/steps/0/expectedRequestsCount", 1679)])["rollout/low-power"] == passed
}

test_low_power_fires_below_the_tier if {
	failures("medium", few) == {"rollout/low-power"}
	outcomes("medium", [])["rollout/low-power"] == passed
}
