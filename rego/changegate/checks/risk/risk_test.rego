package changegate.checks.risk_test

good := {
	"previous": {"status": "present"},
	"evidence": {"approvals": {"status": "present"}},
	"facts": {
		"risk": {
			"claims": {"tier": "medium", "exposure": "production", "affectsUsers": true, "safetyCritical": false},
			"previous": {"tier": "medium", "exposure": "production", "affectsUsers": true, "safetyCritical": false},
			"unstated": [],
			"intendedUse": {"stated": true, "changed": false, "before": "Sorts a queue."},
		},
		"lineage": {"checked": true, "kin": [], "fallen": []},
		"approvals": {"roles": {"model-risk": {"members": ["femi"], "approvedBy": ["femi"], "candidates": []}}},
	},
	"settings": {"risk": {
		"floors": [
			{"when": {"safetyCritical": true}, "tier": "critical", "reason": "it can hurt"},
			{"when": {"exposure": "production", "affectsUsers": true}, "tier": "medium", "reason": "users in production"},
		],
		"intendedUseFrom": "medium",
		"intendedUseRole": "model-risk",
		"loweredFrom": "medium",
		"loweredRole": "model-risk",
	}},
}

outcomes(patches) := result if {
	result := data.changegate.checks.risk.outcome with input as json.patch(good, patches)
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(path, details) := {"outcome": "failed", "violations": {{"path": path, "details": details}}}

failures(patches) := {id | some id, outcome in outcomes(patches); outcome.outcome == "failed"}

tier_path := ["spec", "risk", "tier"]

use_path := ["spec", "intendedUse"]

# A changed use that is approved: every rule applies, and passes.
changed := put("/facts/risk/intendedUse/changed", true)

rules := {
	"risk/missing", "risk/tier-understated", "risk/tier-lowered",
	"risk/intended-use-missing", "risk/intended-use-changed", "risk/previous-unreadable", "risk/claims-lowered",
}

test_good_passes_every_rule if outcomes([changed]) == {id: passed | some id in rules}

test_no_facts_pass_nothing_but_that_the_previous_release_is_read if {
	failures([drop("/facts")]) == rules - {"risk/previous-unreadable"}
	failures([drop("/facts/risk")]) == rules - {"risk/previous-unreadable", "risk/claims-lowered"}
}

test_no_input_passes_nothing if {
	found := data.changegate.checks.risk.outcome with input as {}
	{id | some id, outcome in found; outcome.outcome == "failed"} == rules
}

test_intended_use_is_asked_from_its_tier_on if {
	later := put("/settings/risk/intendedUseFrom", "high")
	bad := [put("/facts/risk/intendedUse", {}), later]
	outcomes(bad)["risk/intended-use-missing"].outcome == "not-applicable"
	outcomes(bad)["risk/intended-use-changed"].outcome == "not-applicable"
	failures([put("/facts/risk/intendedUse", {}), drop("/settings/risk/intendedUseFrom")]) == {
		"risk/intended-use-missing", "risk/intended-use-changed",
	}
}
