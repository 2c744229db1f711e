package changegate.checks.claims_test

good := {
	"facts": {"claims": {
		"names": [],
		"identity": [],
		"artifacts": [],
		"digests": [],
		"serving": [],
		"risk": [],
		"cost": [],
		"features": [],
		"rollout": [],
		"objectives": [],
		"operations": [],
		"odd": [],
		"deployments": [deployment("found")],
		"files": [named("present")],
	}},
	"change": {"operation": "update"},
	"settings": {"claims": {"contradictionsFrom": "low", "accepted": []}},
}

outcomes(tier, patches) := result if {
	result := data.changegate.checks.claims.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(path, details) := {"outcome": "failed", "violations": {{"path": path, "details": details}}}

contradiction(kind) := {
	"kind": kind, "claim": "this", "against": "that",
	"place": {"path": ["a"], "related": [{"message": "the other", "path": ["b"]}]},
}

deployment(status) := {
	"kind": "Deployment", "name": "fraud", "file": "apps/fraud.yaml", "status": status, "reason": "why",
	"place": {"path": ["a"]},
}

named(status) := {"file": "red-team.json", "status": status, "reason": "why", "place": {"path": ["a"]}}

rules := object.keys(outcomes("critical", []))

test_good_passes_every_rule_at_every_tier if {
	count(rules) > 6
	every tier in ["low", "medium", "high", "critical"] { {one | some one in outcomes(tier, [])} == {passed} }
}

test_below_the_tier_nothing_is_asked if {
	later := [put("/settings/claims/contradictionsFrom", "high"), drop("/facts/claims")]
	{one.outcome | some one in outcomes("medium", later)} == {"not-applicable"}
}

test_no_facts_pass_nothing if {
	{id | some id, one in outcomes("high", [drop("/facts/claims")]); one.outcome == "failed"} == rules
}

test_a_kind_that_no_rule_knows_fails if {
	found := outcomes("high", [put("/facts/claims/serving", [contradiction("unheard-of")])])
	found["claims/serving-contradicts"].outcome == "failed"
}

test_no_settings_accept_nothing if {
	patches := [put("/facts/claims/serving", [contradiction("memory-without-gpu")]), drop("/settings/claims")]
	outcomes("high", patches)["claims/serving-contradicts"].outcome == "failed"
}
