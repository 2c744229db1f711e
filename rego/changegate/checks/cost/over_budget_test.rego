package changegate.checks.cost_test

dear := [put("/facts/cost/weeklyBudget", 500), put("/facts/cost/budgetShareRatio", 1.064448)]

test_over_budget_fires_alone if {
	failures("high", dear) == {"cost/over-budget"}
	outcomes("high", dear)["cost/over-budget"] == failed(
		["weeklyBudget"],
		{"weeklyCost": 532.224, "weeklyBudget": 500, "maximumShareRatio": 1},
	)
}

test_over_budget_passes_at_the_budget if {
	outcomes("medium", [put("/facts/cost/budgetShareRatio", 1)])["cost/over-budget"] == passed
}

test_over_budget_fires_on_a_budget_of_nothing if {
	nothing := [put("/facts/cost/weeklyBudget", 0), drop("/facts/cost/budgetShareRatio")]
	outcomes("high", nothing)["cost/over-budget"] == failed(
		["weeklyBudget"],
		{"weeklyCost": 532.224, "weeklyBudget": 0, "maximumShareRatio": 1},
	)
}

test_over_budget_is_unknown_without_traffic if {
	every status in ["absent", "invalid", "unavailable"] {
		silent := [
			put("/evidence/cost/traffic", {"status": status, "reason": "why"}),
			drop("/facts/cost/budgetShareRatio"),
			drop("/facts/cost/weeklyCost"),
		]
		outcomes("high", silent)["cost/over-budget"] == {"outcome": "unknown", "reason": "why"}
	}
}

test_over_budget_does_not_reckon_a_batch_job_without_traffic if {
	batch := [put("/release/spec/serving/platform", "batch")]
	outcomes("high", array.concat(batch, dear))["cost/over-budget"].outcome == "failed"
	silent := array.concat(batch, [put("/evidence/cost/traffic", {"status": "absent", "reason": "why"})])
	outcomes("high", silent)["cost/over-budget"].outcome == "not-applicable"
}

test_over_budget_missing_fails if {
	every key in ["/facts/cost/budgetShareRatio", "/evidence/cost/traffic", "/settings/cost/maximumBudgetShareRatio"] {
		failures("high", [drop(key)]) == {"cost/over-budget"}
	}
	both := [drop("/facts/cost/budgetShareRatio"), drop("/facts/cost/weeklyCost")]
	outcomes("high", both)["cost/over-budget"] == failed(["weeklyBudget"], {})
}
