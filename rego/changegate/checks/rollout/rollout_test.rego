package changegate.checks.rollout_test

import data.changegate.checks.rollout

good := {
	"release": {"spec": {
		"version": "2.4.0",
		"serving": {"platform": "kubernetes"},
		"rollout": {"rollback": {"to": "2.3.1"}},
	}},
	"previous": {"status": "present", "release": {"spec": {"version": "2.3.1"}}},
	"change": {"operation": "update"},
	"evidence": {"rollout": {
		"status": "present",
		"traffic": {"status": "present", "requestsPerSecond": 220},
		"drill": {"status": "present", "at": {"file": "evidence/drill.json", "revision": "head", "path": []}},
	}},
	"facts": {"rollout": {
		"plan": "present",
		"strategy": "canary",
		"gradual": true,
		"endsAtFull": true,
		"sample": "sized",
		"steps": [
			{
				"weightPercent": 5, "risePercent": 5, "bakeSeconds": 3600, "full": false,
				"expectedRequestsCount": 39600, "requiredRequestsCount": 1679, "sizedBy": "error-rate",
			},
			{
				"weightPercent": 50, "risePercent": 45, "bakeSeconds": 7200, "full": false,
				"expectedRequestsCount": 792000, "requiredRequestsCount": 3426, "sizedBy": "error-rate",
			},
			{"weightPercent": 100, "risePercent": 50, "bakeSeconds": 0, "full": true},
		],
		"shadow": {"stated": true, "percent": 100, "durationSeconds": 3600},
		"rollback": {"stated": true, "automatic": true, "to": "2.3.1"},
		"drill": {"ageSeconds": 86400, "durationSeconds": 420, "succeeded": true},
	}},
	"settings": {"rollout": {
		"planFrom": "medium",
		"notApplicablePlatforms": ["batch"],
		"allowedStrategies": {"medium": ["canary", "replace"], "high": ["canary"], "critical": ["canary"]},
		"maximumFirstWeightPercent": {"medium": 25, "high": 10, "critical": 5},
		"minimumBakeSeconds": {"medium": 1800, "high": 1800, "critical": 3600},
		"powerFrom": "high",
		"rollbackFrom": "medium",
		"automaticRollbackFrom": "high",
		"drillFrom": "high",
		"maximumDrillAgeSeconds": 7776000,
		"maximumRollbackSeconds": 1800,
		"shadowFrom": "critical",
		"minimumShadowSeconds": 3600,
	}},
}

outcomes(tier, patches) := result if {
	result := rollout.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

add(path, value) := {"op": "add", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(path, details) := {"outcome": "failed", "violations": {{"path": path, "details": details}}}

failed_at(path, details) := {"outcome": "failed", "violations": {{
	"at": {"file": "evidence/drill.json", "revision": "head", "path": path},
	"details": details,
}}}

steps := ["spec", "rollout", "steps"]

drill := ["spec", "rollout", "rollback", "drill"]

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

test_good_passes_every_rule_of_a_critical_release if {
	found := outcomes("critical", [])
	count(found) == 16
	{id | some id, outcome in found; outcome != passed} == {"rollout/low-power"}
}

test_low_tier_is_asked_for_nothing if {
	found := outcomes("low", [drop("/facts/rollout"), drop("/evidence/rollout"), drop("/release/spec/rollout")])
	count(found) == 16
	{outcome.outcome | some outcome in found} == {"not-applicable"}
}

test_no_facts_pass_nothing if {
	found := outcomes("critical", [drop("/facts/rollout"), drop("/evidence/rollout")])
	{id | some id, outcome in found; outcome == passed} == {"rollout/rollback-target-missing", "rollout/rollback-target-not-previous"}
}

test_no_settings_fail_every_rule_that_compares_with_one if {
	failures("critical", [drop("/settings/rollout")]) == {
		"rollout/strategy-unsuitable", "rollout/first-step-too-large", "rollout/bake-too-short",
		"rollout/shadow-first", "rollout/rollback-drill-stale", "rollout/rollback-drill-failed",
	}
}

test_plan_missing_fires_alone if {
	without := [put("/facts/rollout", {"plan": "absent"})]
	failures("critical", without) == {"rollout/plan-missing"}
	outcomes("high", without)["rollout/plan-missing"] == failed(["spec", "rollout"], {})
}

test_plan_missing_missing_status_fails if "rollout/plan-missing" in failures("high", [drop("/facts/rollout/plan")])

test_plan_missing_passes_with_one if outcomes("high", [])["rollout/plan-missing"] == passed

test_plan_not_applicable_on_batch_only if {
	stated := [put("/facts/rollout", {"plan": "not-applicable"})]
	failures("high", stated) == {"rollout/plan-missing"}
	batch := array.concat(stated, [put("/release/spec/serving/platform", "batch")])
	failures("high", batch) == set()
}

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

test_steps_not_ascending_fires_at_the_step if {
	outcomes("high", [put("/facts/rollout/steps/1/risePercent", 0)])["rollout/steps-not-ascending"] == failed(array.concat(steps, [1]), {})
}

test_steps_not_ascending_missing_rise_fails if {
	outcomes("high", [drop("/facts/rollout/steps/1/risePercent")])["rollout/steps-not-ascending"] == failed(array.concat(steps, [1]), {})
}

test_steps_not_ascending_passes_the_smallest_rise if {
	outcomes("high", [put("/facts/rollout/steps/1/risePercent", 1)])["rollout/steps-not-ascending"] == passed
}

test_no_steps_fail if {
	found := failures("high", [put("/facts/rollout/steps", []), put("/facts/rollout/endsAtFull", false)])
	found == {
		"rollout/steps-not-ascending", "rollout/does-not-end-at-full", "rollout/first-step-too-large",
		"rollout/bake-too-short", "rollout/underpowered-step",
	}
}

test_does_not_end_at_full_fires_alone if {
	outcomes("high", [put("/facts/rollout/endsAtFull", false)])["rollout/does-not-end-at-full"] == failed(steps, {})
}

test_does_not_end_at_full_missing_ending_fails if {
	outcomes("high", [drop("/facts/rollout/endsAtFull")])["rollout/does-not-end-at-full"] == failed(steps, {})
}

test_does_not_end_at_full_passes_where_it_does if outcomes("high", [])["rollout/does-not-end-at-full"] == passed

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

test_bake_too_short_fires_with_its_numbers if {
	short := [put("/facts/rollout/steps/1/bakeSeconds", 600)]
	failures("high", short) == {"rollout/bake-too-short"}
	outcomes("high", short)["rollout/bake-too-short"] == failed(
		array.concat(steps, [1]),
		{"bakeSeconds": 600, "minimumSeconds": 1800},
	)
}

test_bake_too_short_missing_bake_fails if {
	outcomes("high", [drop("/facts/rollout/steps/1/bakeSeconds")])["rollout/bake-too-short"] == failed(array.concat(steps, [1]), {})
}

test_bake_too_short_missing_minimum_fails if {
	outcomes("high", [drop("/settings/rollout/minimumBakeSeconds/high")])["rollout/bake-too-short"].outcome == "failed"
}

test_bake_too_short_passes_at_the_minimum if failures("high", [put("/facts/rollout/steps/1/bakeSeconds", 1800)]) == set()

test_traffic_undeclared_fires_alone if {
	undeclared := [put("/evidence/rollout/traffic", {"status": "absent", "reason": "none"})]
	failures("high", undeclared) == {"rollout/traffic-undeclared"}
	outcomes("high", undeclared)["rollout/traffic-undeclared"] == failed(["spec", "serving", "requestsPerSecond"], {})
	failures("medium", undeclared) == set()
}

test_traffic_undeclared_missing_traffic_fails if {
	"rollout/traffic-undeclared" in failures("high", [drop("/evidence/rollout/traffic")])
}

test_traffic_undeclared_passes_what_is_declared if outcomes("high", [])["rollout/traffic-undeclared"] == passed

few := [put("/facts/rollout/steps/0/expectedRequestsCount", 90)]

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

test_low_power_missing_expectation_fails if {
	failures("medium", [drop("/facts/rollout/steps/0/expectedRequestsCount")]) == {"rollout/low-power"}
}

test_low_power_passes_with_as_many_as_are_needed if {
	outcomes("medium", [put("/facts/rollout/steps/0/expectedRequestsCount", 1679)])["rollout/low-power"] == passed
}

test_no_objective_leaves_power_to_the_slos if {
	failures("high", [put("/facts/rollout/sample", "no-objective")]) == set()
}

test_low_power_fires_below_the_tier if {
	failures("medium", few) == {"rollout/low-power"}
	outcomes("medium", [])["rollout/low-power"] == passed
}

test_shadow_first_fires_alone if {
	short := [put("/facts/rollout/shadow/durationSeconds", 60)]
	failures("critical", short) == {"rollout/shadow-first"}
	outcomes("critical", short)["rollout/shadow-first"] == failed(["spec", "rollout", "shadow"], {"minimumSeconds": 3600})
	failures("high", short) == set()
}

test_shadow_first_missing_shadow_fails if {
	failures("critical", [put("/facts/rollout/shadow", {"stated": false})]) == {"rollout/shadow-first"}
}

test_shadow_first_passes_at_the_minimum if outcomes("critical", [])["rollout/shadow-first"] == passed

no_rollback := [put("/facts/rollout/rollback", {"stated": false}), drop("/release/spec/rollout/rollback")]

test_rollback_target_missing_fires_alone if {
	absent := array.concat(no_rollback, [put("/evidence/rollout/drill", {"status": "absent", "reason": "none"})])
	failures("high", absent) == {"rollout/rollback-target-missing"}
	outcomes("high", absent)["rollout/rollback-target-missing"] == failed(["spec", "rollout", "rollback", "to"], {})
}

test_rollback_target_missing_fires_on_an_empty_one if {
	empty := [put("/release/spec/rollout/rollback/to", ""), put("/facts/rollout/rollback/to", "")]
	failures("high", empty) == {"rollout/rollback-target-missing"}
}

test_rollback_target_missing_passes_what_is_named if outcomes("high", [])["rollout/rollback-target-missing"] == passed

test_rollback_target_missing_missing_release_fails if {
	"rollout/rollback-target-missing" in failures("high", [drop("/release/spec/rollout/rollback/to")])
	"rollout/rollback-target-missing" in failures("high", [drop("/release")])
}

test_first_release_has_nothing_to_return_to if {
	first := array.concat(no_rollback, [put("/previous", {"status": "absent", "reason": "none"})])
	failures("medium", first) == set()
}

test_rollback_target_not_previous_fires_alone if {
	other := [put("/release/spec/rollout/rollback/to", "2.0.0"), put("/facts/rollout/rollback/to", "2.0.0")]
	failures("high", other) == {"rollout/rollback-target-not-previous"}
	outcomes("high", other)["rollout/rollback-target-not-previous"] == failed(
		["spec", "rollout", "rollback", "to"],
		{"target": "2.0.0", "previous": "2.3.1"},
	)
	failures("high", array.concat(other, [put("/change/operation", "rollback")])) == set()
}

test_rollback_target_not_previous_passes_the_target_of_a_kept_version if {
	same := [
		put("/release/spec/version", "2.3.1"),
		put("/release/spec/rollout/rollback/to", "2.2.0"),
		add("/previous/release/spec/rollout", {"rollback": {"to": "2.2.0"}}),
	]
	outcomes("high", same)["rollout/rollback-target-not-previous"] == passed
	itself := [put("/release/spec/version", "2.3.1")]
	outcomes("high", itself)["rollout/rollback-target-not-previous"].outcome == "failed"
}

test_rollback_target_not_previous_missing_versions_fail if {
	every path in ["/previous/release", "/previous/release/spec/version", "/release/spec/version", "/release/spec/rollout/rollback/to"] {
		"rollout/rollback-target-not-previous" in failures("high", [drop(path)])
	}
}

test_previous_unavailable_is_unknown if {
	gone := [put("/previous", {"status": "unavailable", "reason": "a shallow clone"})]
	outcomes("high", gone)["rollout/rollback-target-not-previous"] == {"outcome": "unknown", "reason": "a shallow clone"}
}

test_previous_invalid_fails if {
	broken := [put("/previous", {"status": "invalid", "reason": "not YAML"})]
	outcomes("high", broken)["rollout/rollback-target-not-previous"] == failed(["spec", "rollout", "rollback", "to"], {})
}

test_rollback_not_automatic_fires_alone if {
	by_hand := [put("/facts/rollout/rollback/automatic", false)]
	failures("high", by_hand) == {"rollout/rollback-not-automatic"}
	outcomes("high", by_hand)["rollout/rollback-not-automatic"] == failed(["spec", "rollout", "rollback", "automatic"], {})
	failures("medium", by_hand) == set()
}

test_rollback_not_automatic_missing_fact_fails if {
	failures("high", [drop("/facts/rollout/rollback/automatic")]) == {"rollout/rollback-not-automatic"}
}

test_rollback_not_automatic_passes_where_it_is if outcomes("high", [])["rollout/rollback-not-automatic"] == passed

test_rollback_drill_missing_fires_alone if {
	absent := [put("/evidence/rollout/drill", {"status": "absent", "reason": "none is named"}), drop("/facts/rollout/drill")]
	failures("high", absent) == {"rollout/rollback-drill-missing"}
	outcomes("high", absent)["rollout/rollback-drill-missing"] == failed(drill, {"reason": "none is named"})
}

test_rollback_drill_missing_passes_with_a_report if outcomes("high", [])["rollout/rollback-drill-missing"] == passed

test_rollback_drill_missing_fires_in_its_file if {
	invalid := [put("/evidence/rollout/drill/status", "invalid"), add("/evidence/rollout/drill/reason", "not JSON"), drop("/facts/rollout/drill")]
	failures("high", invalid) == {"rollout/rollback-drill-missing"}
	outcomes("high", invalid)["rollout/rollback-drill-missing"] == failed_at([], {"reason": "not JSON"})
}

test_drill_unavailable_is_unknown if {
	remote := [put("/evidence/rollout/drill", {"status": "unavailable", "reason": "not handed in"}), drop("/facts/rollout/drill")]
	found := outcomes("high", remote)
	every id in ["rollout/rollback-drill-missing", "rollout/rollback-drill-stale", "rollout/rollback-drill-failed"] {
		found[id] == {"outcome": "unknown", "reason": "not handed in"}
	}
}

test_rollback_drill_missing_missing_status_fails if {
	failures("high", [drop("/evidence/rollout/drill"), drop("/facts/rollout/drill")]) == {
		"rollout/rollback-drill-missing", "rollout/rollback-drill-stale", "rollout/rollback-drill-failed",
	}
}

test_rollback_drill_stale_fires_alone if {
	old := [put("/facts/rollout/drill/ageSeconds", 7776001)]
	failures("high", old) == {"rollout/rollback-drill-stale"}
	outcomes("high", old)["rollout/rollback-drill-stale"] == failed_at(
		["performedAt"],
		{"ageSeconds": 7776001, "maximumSeconds": 7776000},
	)
}

test_rollback_drill_stale_fires_in_the_manifest_where_it_was_handed_in if {
	old := [put("/facts/rollout/drill/ageSeconds", 7776001), drop("/evidence/rollout/drill/at")]
	outcomes("high", old)["rollout/rollback-drill-stale"] == failed(drill, {"ageSeconds": 7776001, "maximumSeconds": 7776000})
}

test_rollback_drill_stale_missing_age_fails if failures("high", [drop("/facts/rollout/drill/ageSeconds")]) == {"rollout/rollback-drill-stale"}

test_rollback_drill_stale_passes_at_the_limit if failures("high", [put("/facts/rollout/drill/ageSeconds", 7776000)]) == set()

test_rollback_drill_failed_fires_on_a_slow_one if {
	slow := [put("/facts/rollout/drill/durationSeconds", 5400)]
	failures("high", slow) == {"rollout/rollback-drill-failed"}
	outcomes("high", slow)["rollout/rollback-drill-failed"] == failed_at(
		["outcome"],
		{"durationSeconds": 5400, "maximumSeconds": 1800},
	)
}

test_rollback_drill_failed_fires_alone if {
	failures("high", [put("/facts/rollout/drill/succeeded", false)]) == {"rollout/rollback-drill-failed"}
}

test_rollback_drill_failed_passes_at_the_limit if failures("high", [put("/facts/rollout/drill/durationSeconds", 1800)]) == set()

test_rollback_drill_failed_missing_outcome_fails if failures("high", [drop("/facts/rollout/drill/succeeded")]) == {"rollout/rollback-drill-failed"}
