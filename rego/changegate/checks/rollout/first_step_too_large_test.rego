package changegate.checks.rollout_test

test_first_step_too_large_fires_by_tier if {
	large := [put("/facts/rollout/steps/0/sharePercent", 25)]
	outcomes("medium", large)["rollout/first-step-too-large"] == passed
	outcomes("high", large)["rollout/first-step-too-large"] == failed(
		["spec", "rollout", "steps", 0, "weight"],
		{"sharePercent": 25, "how": "by its weight", "maximumPercent": 10},
	)
}

test_first_step_too_large_missing_weight_fails if {
	outcomes("high", [drop("/facts/rollout/steps/0/sharePercent")])["rollout/first-step-too-large"] == failed(steps, {})
}

test_first_step_too_large_passes_at_the_maximum if {
	outcomes("high", [put("/facts/rollout/steps/0/sharePercent", 10)])["rollout/first-step-too-large"] == passed
}

test_first_step_too_large_fires_by_pods_whatever_the_weight if {
	pods := [put("/facts/rollout/shares", "pods"), put("/facts/rollout/steps/0/sharePercent", 50)]
	outcomes("high", pods)["rollout/first-step-too-large"] == failed(
		["spec", "rollout", "steps", 0, "weight"],
		{"sharePercent": 50, "how": "by its pods, since nothing splits it", "maximumPercent": 10},
	)
}

test_first_step_too_large_missing_ground_of_the_shares_fails if {
	outcomes("high", [drop("/facts/rollout/shares")])["rollout/first-step-too-large"].outcome == "failed"
}

test_first_step_too_large_is_unknown_where_the_pods_are if {
	outcomes("high", unshared)["rollout/first-step-too-large"].outcome == "unknown"
}
