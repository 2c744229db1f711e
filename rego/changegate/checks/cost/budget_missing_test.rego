package changegate.checks.cost_test

no_budget := [put("/facts/cost/budgetStated", false), drop("/facts/cost/weeklyBudget"), drop("/facts/cost/budgetShareRatio")]

test_budget_missing_fires_alone if {
	failures("high", no_budget) == {"cost/budget-missing"}
	outcomes("high", no_budget)["cost/budget-missing"] == failed(["weeklyBudget"], {})
}

test_budget_missing_passes if outcomes("medium", [])["cost/budget-missing"] == passed

test_budget_missing_missing_fails if failures("high", [drop("/facts/cost/budgetStated")]) == {"cost/budget-missing"}
