package changegate.checks.rollout_test

test_first_step_too_large_fires_by_tier if {
	large := [put("/facts/rollout/steps/0/weightPercent", 25)]
	outcomes("medium", large)["rollout/first-step-too-large"] == passed
	outcomes("high", large)["rollout/first-step-too-large"] == failed(
		["spec", "rollout", "steps", 0, "weight"],
		{"weightPercent": 25, "maximumPercent": 10},
	)
}

test_first_step_too_large_missing_weight_fails if {
	outcomes("high", [drop("/facts/rollout/steps/0/weightPercent")])["rollout/first-step-too-large"] == failed(steps, {})
}

test_first_step_too_large_passes_at_the_maximum if {
	outcomes("high", [put("/facts/rollout/steps/0/weightPercent", 10)])["rollout/first-step-too-large"] == passed
}
