package changegate.checks.rollout_test

test_steps_not_ascending_fires_at_the_step if {
	outcomes("high", [put("/facts/rollout/steps/1/risePercent", 0)])["rollout/steps-not-ascending"] == failed(array.concat(steps, [1]), {})
}

test_steps_not_ascending_missing_rise_fails if {
	outcomes("high", [drop("/facts/rollout/steps/1/risePercent")])["rollout/steps-not-ascending"] == failed(array.concat(steps, [1]), {})
}

test_steps_not_ascending_passes_the_smallest_rise if {
	outcomes("high", [put("/facts/rollout/steps/1/risePercent", 1)])["rollout/steps-not-ascending"] == passed
}

test_steps_not_ascending_missing_ground_of_the_shares_fails if {
	outcomes("high", [drop("/facts/rollout/shares")])["rollout/steps-not-ascending"] == failed(steps, {})
}

test_steps_not_ascending_fires_on_falling_weights_whose_shares_are_not_known if {
	falling := array.concat(unshared, [put("/facts/rollout/steps/1/risePercent", -20)])
	outcomes("high", falling)["rollout/steps-not-ascending"] == failed(array.concat(steps, [1]), {})
}
