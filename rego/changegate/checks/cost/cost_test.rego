package changegate.checks.cost_test

good := {
	"release": {"spec": {"serving": {"platform": "kubernetes"}}},
	"previous": {"status": "present"},
	"change": {"operation": "update"},
	"facts": {"cost": {
		"block": "present",
		"stated": true,
		"budgetStated": true,
		"perThousandInferences": 0.004,
		"weeklyBudget": 900,
		"weeklyCost": 532.224,
		"budgetShareRatio": 0.59136,
		"previousPerThousandInferences": 0.004,
		"growthRatio": 1,
	}},
	"evidence": {"cost": {
		"status": "present",
		"traffic": {"status": "present", "requestsPerSecond": 220},
		"growth": {"status": "present"},
	}},
	"settings": {"cost": {
		"costFrom": "medium",
		"notApplicablePlatforms": ["edge"],
		"budgetFrom": "medium",
		"maximumBudgetShareRatio": 1,
		"growthFrom": "medium",
		"maximumGrowthRatio": {"medium": 2, "high": 1.5, "critical": 1.5},
	}},
}

outcomes(tier, patches) := result if {
	result := data.changegate.checks.cost.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "add", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(path, details) := {"outcome": "failed", "violations": {{"path": array.concat(["spec", "cost"], path), "details": details}}}

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

statuses(patches) := {id: outcome.outcome | some id, outcome in outcomes("high", patches)}

test_good_passes_every_rule if {
	found := outcomes("critical", [])
	count(found) == 4
	{outcome | some outcome in found} == {passed}
}

test_low_tier_is_asked_for_nothing if {
	{outcome.outcome | some outcome in outcomes("low", [drop("/facts/cost")])} == {"not-applicable"}
}

test_no_facts_pass_nothing if count(failures("high", [drop("/facts/cost")])) == 4

test_no_settings_fail_what_compares_with_them if {
	failures("high", [drop("/settings/cost")]) == {"cost/over-budget", "cost/grew-too-much"}
}
