package changegate.checks.rollout_test

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
		"batch": false,
		"served": [],
		"strategy": "canary",
		"gradual": true,
		"shares": "weights",
		"needs": [],
		"divisions": [],
		"endsAtFull": true,
		"sample": "sized",
		"steps": [
			{
				"weightPercent": 5, "sharePercent": 5, "risePercent": 5, "bakeSeconds": 3600, "full": false,
				"expectedRequestsCount": 39600, "requiredRequestsCount": 1679, "sizedBy": "error-rate",
			},
			{
				"weightPercent": 50, "sharePercent": 50, "risePercent": 45, "bakeSeconds": 7200, "full": false,
				"expectedRequestsCount": 792000, "requiredRequestsCount": 3426, "sizedBy": "error-rate",
			},
			{"weightPercent": 100, "sharePercent": 100, "risePercent": 50, "bakeSeconds": 0, "full": true},
		],
		"shadow": {"stated": true, "percent": 100, "durationSeconds": 3600},
		"rollback": {
			"stated": true, "automatic": true, "to": "2.3.1",
			"own": false, "targetKnown": true, "withinStated": true, "withinSeconds": 1800,
		},
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
	result := data.changegate.checks.rollout.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
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
	count(found) == 22
	{id | some id, outcome in found; outcome != passed} == {
		"rollout/low-power", "rollout/replicas-undeclared", "rollout/strategy-incomplete",
		"rollout/shares-exceed-all", "rollout/batch-serves-traffic",
	}
	failures("critical", []) == set()
}

test_low_tier_is_asked_for_nothing if {
	found := outcomes("low", [drop("/facts/rollout"), drop("/evidence/rollout"), drop("/release/spec/rollout")])
	count(found) == 22
	{id | some id, outcome in found; outcome.outcome != "not-applicable"} == contradictions
	{id | some id, outcome in found; outcome.outcome == "failed"} == contradictions
}

contradictions := {"rollout/shares-exceed-all", "rollout/batch-serves-traffic", "rollout/rollback-to-itself"}

test_contradictions_are_asked_for_at_every_tier if {
	every tier in ["low", "medium"] {
		outcomes(tier, batch([]))["rollout/batch-serves-traffic"] == passed
		outcomes(tier, divided(100))["rollout/shares-exceed-all"] == passed
		outcomes(tier, own_target)["rollout/rollback-to-itself"].outcome == "failed"
		outcomes(tier, divided(120))["rollout/shares-exceed-all"].outcome == "failed"
	}
	later := [add("/settings/claims", {"contradictionsFrom": "high"}), drop("/facts/rollout")]
	every id in contradictions { outcomes("medium", later)[id].outcome == "not-applicable" }
}

test_no_facts_pass_nothing if {
	found := outcomes("critical", [drop("/facts/rollout"), drop("/evidence/rollout")])
	{id | some id, outcome in found; outcome == passed} == {"rollout/rollback-target-missing", "rollout/rollback-target-not-previous"}
}

test_no_settings_fail_every_rule_that_compares_with_one if {
	failures("critical", [drop("/settings/rollout")]) == {
		"rollout/strategy-unsuitable", "rollout/first-step-too-large", "rollout/bake-too-short",
		"rollout/shadow-first", "rollout/rollback-drill-stale", "rollout/rollback-drill-failed",
		"rollout/rollback-too-slow",
	}
}

test_no_steps_fail if {
	found := failures("high", [put("/facts/rollout/steps", []), put("/facts/rollout/endsAtFull", false)])
	found == {
		"rollout/steps-not-ascending", "rollout/does-not-end-at-full", "rollout/first-step-too-large",
		"rollout/bake-too-short", "rollout/underpowered-step",
	}
}

few := [put("/facts/rollout/steps/0/expectedRequestsCount", 90)]

test_no_objective_leaves_power_to_the_slos if {
	failures("high", [put("/facts/rollout/sample", "no-objective")]) == set()
}

no_rollback := [put("/facts/rollout/rollback", {"stated": false}), drop("/release/spec/rollout/rollback")]

test_first_release_has_nothing_to_return_to if {
	first := array.concat(no_rollback, [put("/previous", {"status": "absent", "reason": "none"})])
	failures("medium", first) == set()
}

test_drill_unavailable_is_unknown if {
	remote := [put("/evidence/rollout/drill", {"status": "unavailable", "reason": "not handed in"}), drop("/facts/rollout/drill")]
	found := outcomes("high", remote)
	every id in ["rollout/rollback-drill-missing", "rollout/rollback-drill-stale", "rollout/rollback-drill-failed"] {
		found[id] == {"outcome": "unknown", "reason": "not handed in"}
	}
}

unshared := [
	put("/facts/rollout/shares", "unknown"),
	drop("/facts/rollout/steps/0/sharePercent"),
	drop("/facts/rollout/steps/1/sharePercent"),
	drop("/facts/rollout/steps/0/expectedRequestsCount"),
	drop("/facts/rollout/steps/1/expectedRequestsCount"),
]

test_shares_that_cannot_be_told_fail_once_and_pass_nothing_that_needs_them if {
	found := outcomes("high", unshared)
	{id | some id, outcome in found; outcome.outcome == "failed"} == {"rollout/replicas-undeclared"}
	{id | some id, outcome in found; outcome.outcome == "unknown"} == {
		"rollout/first-step-too-large", "rollout/steps-not-ascending", "rollout/underpowered-step",
	}
	outcomes("medium", unshared)["rollout/low-power"].outcome == "unknown"
}
