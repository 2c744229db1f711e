package changegate.checks.slos_test

good := {
	"release": {"spec": {"task": "classification", "serving": {"platform": "kubernetes"}}},
	"previous": {"status": "present"},
	"facts": {"slos": {
		"block": "present",
		"kinds": ["errors", "latency"],
		"slos": [
			{
				"name": "latency-p95", "kind": "latency", "thresholdMs": 300, "objectiveRatio": 0.95, "windowSeconds": 2592000,
				"previous": {"thresholdMs": 300, "objectiveRatio": 0.95},
			},
			{
				"name": "error-rate", "kind": "errors", "objectiveRatio": 0.999, "windowSeconds": 2592000,
				"previous": {"objectiveRatio": 0.999},
			},
			{"name": "freshness", "kind": "other", "objectiveRatio": 0.5, "windowSeconds": 2592000},
		],
	}},
	"settings": {"slos": {
		"slosFrom": "medium",
		"notApplicablePlatforms": ["batch"],
		"latencyFrom": "medium",
		"latencyExemptPlatforms": ["batch"],
		"errorRateFrom": "medium",
		"maximumLatencyMs": {"medium": 1000, "high": 300, "critical": 300},
		"maximumGenerationLatencyMs": {"medium": 10000, "high": 5000, "critical": 5000},
		"minimumLatencyObjectiveRatio": {"medium": 0.9, "high": 0.95, "critical": 0.95},
		"minimumErrorObjectiveRatio": {"medium": 0.99, "high": 0.995, "critical": 0.999},
		"minimumWindowSeconds": 604800,
		"maximumWindowSeconds": 7776000,
	}},
}

outcomes(tier, patches) := result if {
	result := data.changegate.checks.slos.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(path, details) := {"outcome": "failed", "violations": {{"path": array.concat(["spec", "slos"], path), "details": details}}}

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

test_good_passes_every_rule if {
	found := outcomes("critical", [])
	count(found) == 8
	{outcome | some outcome in found} == {passed}
}

test_low_tier_is_asked_for_nothing if {
	{outcome.outcome | some outcome in outcomes("low", [drop("/facts/slos")])} == {"not-applicable"}
}

test_no_facts_pass_nothing if count(failures("high", [drop("/facts/slos")])) == 8

test_no_settings_fail_closed if {
	{id | some id, outcome in outcomes("high", [drop("/settings/slos")]); outcome == passed} == {
		"slos/missing", "slos/latency-objective-missing", "slos/error-rate-missing", "slos/loosened",
	}
}
