package changegate.checks.rollout_test

test_strategy_unsuitable_fires_alone if {
	replaced := [put("/facts/rollout/strategy", "replace"), put("/facts/rollout/gradual", false)]
	failures("high", replaced) == {"rollout/strategy-unsuitable"}
	outcomes("high", replaced)["rollout/strategy-unsuitable"] == failed(
		["spec", "rollout", "strategy"],
		{"strategy": "replace", "allowedStrategies": ["canary"]},
	)
	failures("medium", replaced) == set()
}

test_strategy_unsuitable_missing_strategy_fails if {
	outcomes("high", [drop("/facts/rollout/strategy")])["rollout/strategy-unsuitable"] == failed(["spec", "rollout", "strategy"], {})
}

test_strategy_unsuitable_passes_one_of_the_tier if {
	replaced := [put("/facts/rollout/strategy", "replace"), put("/facts/rollout/gradual", false)]
	outcomes("medium", replaced)["rollout/strategy-unsuitable"] == passed
}
