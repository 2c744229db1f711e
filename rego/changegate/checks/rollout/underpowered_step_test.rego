package changegate.checks.rollout_test

test_underpowered_step_fires_with_its_numbers if {
	failures("high", few) == {"rollout/underpowered-step"}
	outcomes("high", few)["rollout/underpowered-step"] == failed(
		array.concat(steps, [0]),
		{"expectedRequestsCount": 90, "requiredRequestsCount": 1679, "objective": "error-rate"},
	)
}

test_underpowered_step_missing_sample_fails if {
	lost := [drop("/facts/rollout/steps/0/requiredRequestsCount")]
	outcomes("high", lost)["rollout/underpowered-step"] == failed(array.concat(steps, [0]), {})
	outcomes("medium", lost)["rollout/low-power"] == failed(array.concat(steps, [0]), {})
}

test_underpowered_step_passes_with_as_many_as_are_needed if {
	outcomes("high", [put("/facts/rollout/steps/0/expectedRequestsCount", 1679)])["rollout/underpowered-step"] == passed
}
