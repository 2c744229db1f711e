package changegate.checks.slos_test

import data.changegate.checks.slos

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
	}},
}

outcomes(tier, patches) := result if {
	result := slos.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(path, details) := {"outcome": "failed", "violations": {{"path": array.concat(["spec", "slos"], path), "details": details}}}

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

test_good_passes_every_rule if {
	found := outcomes("critical", [])
	count(found) == 7
	{outcome | some outcome in found} == {passed}
}

test_low_tier_is_asked_for_nothing if {
	{outcome.outcome | some outcome in outcomes("low", [drop("/facts/slos")])} == {"not-applicable"}
}

test_no_facts_pass_nothing if count(failures("high", [drop("/facts/slos")])) == 7

test_no_settings_fail_closed if {
	{id | some id, outcome in outcomes("high", [drop("/settings/slos")]); outcome == passed} == {
		"slos/missing", "slos/latency-objective-missing", "slos/error-rate-missing", "slos/loosened",
	}
}

test_missing_fires_alone if {
	none := [put("/facts/slos", {"block": "absent", "kinds": [], "slos": []})]
	failures("high", none) == {"slos/missing"}
	outcomes("high", none)["slos/missing"] == failed([], {})
}

test_missing_fires_on_a_block_without_entries if "slos/missing" in failures("high", [put("/facts/slos/slos", [])])

test_missing_passes_with_one_objective if outcomes("high", [drop("/facts/slos/slos/2"), drop("/facts/slos/slos/1")])["slos/missing"] == passed

test_missing_missing_block_fails if {
	"slos/missing" in failures("high", [drop("/facts/slos/block")])
	"slos/missing" in failures("high", [drop("/facts/slos/slos")])
}

test_not_applicable_on_batch_only if {
	stated := [put("/facts/slos", {"block": "not-applicable", "kinds": [], "slos": []})]
	failures("high", stated) == {"slos/missing"}
	failures("high", array.concat(stated, [put("/release/spec/serving/platform", "batch")])) == set()
}

test_latency_objective_missing_fires_alone if {
	without := [drop("/facts/slos/slos/0"), put("/facts/slos/kinds", ["errors"])]
	failures("high", without) == {"slos/latency-objective-missing"}
	outcomes("high", without)["slos/latency-objective-missing"] == failed([], {})
	failures("high", array.concat(without, [put("/release/spec/serving/platform", "batch")])) == set()
}

test_error_rate_missing_fires_alone if {
	without := [drop("/facts/slos/slos/1"), put("/facts/slos/kinds", ["latency"])]
	failures("high", without) == {"slos/error-rate-missing"}
	outcomes("high", without)["slos/error-rate-missing"] == failed([], {})
}

test_latency_objective_missing_passes_with_one if outcomes("high", [put("/facts/slos/kinds", ["latency"])])["slos/latency-objective-missing"] == passed

test_error_rate_missing_passes_with_one if outcomes("high", [put("/facts/slos/kinds", ["errors"])])["slos/error-rate-missing"] == passed

test_error_rate_missing_missing_kinds_fail if "slos/error-rate-missing" in failures("high", [drop("/facts/slos/kinds")])

test_latency_objective_missing_missing_kinds_fail if {
	failures("high", [drop("/facts/slos/kinds")]) == {"slos/latency-objective-missing", "slos/error-rate-missing"}
}

slow := [put("/facts/slos/slos/0/thresholdMs", 500), put("/facts/slos/slos/0/previous/thresholdMs", 500)]

test_latency_threshold_too_high_fires_alone if {
	failures("high", slow) == {"slos/latency-threshold-too-high"}
	outcomes("high", slow)["slos/latency-threshold-too-high"] == failed(
		[0, "thresholdMs"],
		{"name": "latency-p95", "thresholdMs": 500, "maximumMs": 300},
	)
	failures("medium", slow) == set()
}

test_latency_threshold_too_high_passes_a_slower_generation if failures("high", array.concat(slow, [put("/release/spec/task", "generation")])) == set()

test_latency_threshold_too_high_missing_threshold_fails if {
	outcomes("high", [drop("/facts/slos/slos/0/thresholdMs")])["slos/latency-threshold-too-high"] == failed([0, "thresholdMs"], {})
}

test_objective_too_low_fires_alone if {
	low := [put("/facts/slos/slos/1/objectiveRatio", 0.9), put("/facts/slos/slos/1/previous/objectiveRatio", 0.9)]
	failures("high", low) == {"slos/objective-too-low"}
	outcomes("high", low)["slos/objective-too-low"] == failed(
		[1, "objective"],
		{"name": "error-rate", "objectiveRatio": 0.9, "minimumRatio": 0.995},
	)
}

test_objective_too_low_missing_objective_fails if {
	outcomes("high", [drop("/facts/slos/slos/1/objectiveRatio")])["slos/objective-too-low"] == failed([1, "objective"], {})
}

test_objective_too_low_passes_at_the_minimum if {
	least := [put("/facts/slos/slos/1/objectiveRatio", 0.995), put("/facts/slos/slos/1/previous/objectiveRatio", 0.995)]
	outcomes("high", least)["slos/objective-too-low"] == passed
}

test_window_too_short_fires_alone if {
	short := [put("/facts/slos/slos/1/windowSeconds", 86400)]
	failures("high", short) == {"slos/window-too-short"}
	outcomes("high", short)["slos/window-too-short"] == failed([1, "window"], {"name": "error-rate", "minimumSeconds": 604800})
}

test_window_too_short_missing_window_fails if failures("high", [drop("/facts/slos/slos/1/windowSeconds")]) == {"slos/window-too-short"}

test_window_too_short_passes_at_the_minimum if failures("high", [put("/facts/slos/slos/1/windowSeconds", 604800)]) == set()

test_loosened_fires_on_a_threshold_alone if {
	looser := [put("/facts/slos/slos/0/previous/thresholdMs", 200)]
	failures("high", looser) == {"slos/loosened"}
	outcomes("high", looser)["slos/loosened"] == failed([0, "name"], {"name": "latency-p95"})
}

test_loosened_fires_on_an_objective_alone if {
	failures("high", [put("/facts/slos/slos/1/previous/objectiveRatio", 0.9999)]) == {"slos/loosened"}
}

test_loosened_passes_a_new_objective if failures("high", [drop("/facts/slos/slos/0/previous")]) == set()

test_loosened_missing_previous_objective_fails if {
	failures("high", [drop("/facts/slos/slos/1/previous/objectiveRatio")]) == {"slos/loosened"}
}

test_previous_statuses if {
	outcomes("high", [put("/previous", {"status": "absent", "reason": "none"})])["slos/loosened"].outcome == "not-applicable"
	outcomes("high", [put("/previous", {"status": "unavailable", "reason": "why"})])["slos/loosened"].outcome == "unknown"
	outcomes("high", [put("/previous", {"status": "invalid", "reason": "why"})])["slos/loosened"].outcome == "failed"
}
