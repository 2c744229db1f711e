package changegate.checks.cost_test

import data.changegate.checks.cost

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
	result := cost.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
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

absent := [
	put("/facts/cost", {"block": "absent", "stated": false, "budgetStated": false}),
	put("/evidence/cost/growth", {"status": "invalid", "reason": "why"}),
]

test_missing_fires_alone if {
	failures("high", absent) == {"cost/missing"}
	outcomes("high", absent)["cost/missing"] == failed(["perThousandInferences"], {})
	statuses(absent) == {
		"cost/missing": "failed",
		"cost/budget-missing": "not-applicable",
		"cost/over-budget": "not-applicable",
		"cost/grew-too-much": "not-applicable",
	}
}

test_missing_passes if outcomes("medium", [])["cost/missing"] == passed

test_missing_missing_fails if failures("high", [drop("/facts/cost/stated")]) == {"cost/missing"}

test_missing_allows_not_applicable_on_the_edge_only if {
	said := array.concat(absent, [put("/facts/cost/block", "not-applicable")])
	failures("high", said) == {"cost/missing"}
	on_edge := array.concat(said, [put("/release/spec/serving/platform", "edge")])
	{outcome | some outcome in statuses(on_edge)} == {"not-applicable"}
	failures("high", array.concat(absent, [put("/release/spec/serving/platform", "edge")])) == {"cost/missing"}
}

no_budget := [put("/facts/cost/budgetStated", false), drop("/facts/cost/weeklyBudget"), drop("/facts/cost/budgetShareRatio")]

test_budget_missing_fires_alone if {
	failures("high", no_budget) == {"cost/budget-missing"}
	outcomes("high", no_budget)["cost/budget-missing"] == failed(["weeklyBudget"], {})
}

test_budget_missing_passes if outcomes("medium", [])["cost/budget-missing"] == passed

test_budget_missing_missing_fails if failures("high", [drop("/facts/cost/budgetStated")]) == {"cost/budget-missing"}

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

test_over_budget_missing_fails if {
	every key in ["/facts/cost/budgetShareRatio", "/evidence/cost/traffic", "/settings/cost/maximumBudgetShareRatio"] {
		failures("high", [drop(key)]) == {"cost/over-budget"}
	}
	both := [drop("/facts/cost/budgetShareRatio"), drop("/facts/cost/weeklyCost")]
	outcomes("high", both)["cost/over-budget"] == failed(["weeklyBudget"], {})
}

grown := [
	put("/facts/cost/perThousandInferences", 0.0064),
	put("/facts/cost/growthRatio", 1.6),
]

test_grew_too_much_fires_alone if {
	failures("high", grown) == {"cost/grew-too-much"}
	outcomes("high", grown)["cost/grew-too-much"] == failed(
		["perThousandInferences"],
		{"perThousandInferences": 0.0064, "previousPerThousandInferences": 0.004, "maximumRatio": 1.5},
	)
}

test_grew_too_much_passes if {
	outcomes("medium", grown)["cost/grew-too-much"] == passed
	outcomes("high", [put("/facts/cost/growthRatio", 1.5)])["cost/grew-too-much"] == passed
}

test_grew_too_much_fires_on_growth_from_nothing if {
	from_nothing := [put("/facts/cost/previousPerThousandInferences", 0), drop("/facts/cost/growthRatio")]
	outcomes("high", from_nothing)["cost/grew-too-much"] == failed(
		["perThousandInferences"],
		{"perThousandInferences": 0.004, "previousPerThousandInferences": 0, "maximumRatio": 1.5},
	)
}

test_grew_too_much_is_not_asked_of_a_rollback if {
	failures("high", array.concat(grown, [put("/change/operation", "rollback")])) == set()
}

test_grew_too_much_by_status_of_the_previous_release if {
	every status, wanted in {"absent": "not-applicable", "invalid": "unknown", "unavailable": "unknown"} {
		statuses([put("/previous", {"status": status, "reason": "why"})])["cost/grew-too-much"] == wanted
	}
	failures("high", [put("/previous", {"status": "lost"})]) == {"cost/grew-too-much"}
}

test_grew_too_much_by_status_of_the_comparison if {
	every status, wanted in {"absent": "not-applicable", "invalid": "unknown", "unavailable": "unknown"} {
		statuses([put("/evidence/cost/growth", {"status": status, "reason": "why"})])["cost/grew-too-much"] == wanted
	}
}

test_grew_too_much_missing_fails if {
	every key in ["/facts/cost/growthRatio", "/evidence/cost/growth", "/previous", "/settings/cost/maximumGrowthRatio/high"] {
		failures("high", [drop(key)]) == {"cost/grew-too-much"}
	}
	failures("high", array.concat(grown, [drop("/change"), drop("/evidence/cost/growth")])) == {"cost/grew-too-much"}
}
