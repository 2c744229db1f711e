package changegate.checks.features_test

file := "contracts/transactions.yaml"

contract_place(path) := {"at": {"file": file, "revision": "head", "path": path}}

good := {
	"release": {"spec": {"version": "2.4.0", "task": "classification"}},
	"previous": {"status": "present", "release": {"spec": {"rollout": {"rollback": {"to": "2.2.0"}}}}},
	"change": {"operation": "update"},
	"evidence": {"features": {"status": "present", "contracts": [listed_contract]}},
	"facts": {
		"features": good_facts,
		"rollout": {"plan": "present", "strategy": "feature-locked"},
	},
	"settings": {"features": good_settings},
}

listed_contract := {"name": "transactions", "status": "present", "file": "c.yaml", "place": contract_place([])}

promised(term) := [{"message": "the contract", "at": promised_at[term]}]

promised_at := {term: {"file": "c.yaml", "revision": "head", "path": ["features", 0, term]} |
	some term in ["feature", "dtype", "nullable", "range", "enum", "unit", "freshness", "sensitivity"]
}

good_facts := {
	"block": "present",
	"purpose": "fraud-detection",
	"signature": {"status": "present", "format": "mlflow-signature", "of": "all"},
	"skew": [],
	"featureSwitch": {
		"leads": "to-the-contract", "pipeline": "transactions", "version": "3", "contractVersion": "3",
		"related": [{"message": "the contract's version"}],
	},
	"deprecations": [],
	"contracts": [good_contract],
	"switches": [{"name": "transactions", "before": 2, "after": 3, "related": [{"message": "before"}]}],
	"inputs": [good_input, {"name": "hour", "promise": "none"}],
	"outputs": {"majorRose": false, "changes": []},
}

good_contract := {
	"name": "transactions", "format": "feature-contract", "statedVersion": 3, "version": 3,
	"versionSays": "same", "versionMoved": "same", "pinned": "version", "before": {"status": "present", "version": 3},
	"compatibility": "full-transitive",
	"changes": [{"name": "new", "kind": "feature-added", "breaks": [], "place": contract_place(["features", 3])}],
	"history": {"status": "present", "compared": 2, "changes": [{
		"name": "new", "kind": "feature-added", "breaks": [], "version": 1, "commit": "c",
		"place": contract_place(["features", 3]),
	}]},
	"place": {"path": ["spec", "features", "contracts", 0, "version"]},
}

good_input := {
	"name": "amount", "contract": "transactions", "promise": "given",
	"type": {"promised": "float32", "accepted": "float64", "conversion": "widening"},
	"nulls": {"promised": true, "accepted": true},
	"values": {"compared": "within", "key": "range", "promised": [0, 10], "accepted": [0, 10]},
	"unit": {"compared": "same", "promised": "EUR", "accepted": "EUR"},
	"age": {"asked": true, "needed": "1h", "neededSeconds": 3600, "promised": "1m", "promisedSeconds": 60},
	"sensitivity": {"levels": ["personal"], "purposes": ["fraud-detection"]},
	"places": promised_at,
}

good_settings := {
	"inputsFrom": "medium",
	"notApplicableTasks": ["generation"],
	"contractsFrom": "medium",
	"allowedConversions": ["same", "widening"],
	"compatibleContractChanges": ["feature-added"],
	"sensitiveLevels": ["personal"],
	"defaultCompatibility": "none",
	"outputsFrom": "medium",
	"minimumOutputSpanRatio": 0.5,
	"lockedFrom": "high",
	"lockedStrategies": ["feature-locked"],
}

outcomes(tier, patches) := result if {
	result := data.changegate.checks.features.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(path, details) := failed_with({"path": array.concat(["spec", "features"], path), "details": details})

failed_with(violation) := {"outcome": "failed", "violations": {violation}}

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

passes(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome == passed}

facts_path(rest) := concat("", ["/facts/features", rest])

test_good_passes_every_rule if {
	found := outcomes("critical", [])
	count(found) == 25
	{outcome | some outcome in found} == {passed}
}

test_low_tier_is_asked_for_nothing if {
	nothing := [drop("/facts/features"), drop("/evidence/features"), drop("/previous")]
	{outcome.outcome | some outcome in outcomes("low", nothing)} == {"not-applicable"}
}

test_no_facts_pass_only_what_the_evidence_shows if {
	passes("high", [drop("/facts/features")]) == {"features/contract-missing", "features/contract-invalid"}
}

test_no_evidence_passes_nothing_about_contracts if {
	failures("high", [drop("/evidence/features")]) == {
		"features/contract-missing", "features/contract-invalid", "features/contract-version-mismatch",
		"features/contract-digest-mismatch", "features/contract-unpinned", "features/breaking-without-version",
		"features/deprecated", "features/retired", "features/compatibility-broken", "features/history-incompatible",
	}
}

test_no_settings_pass_nothing if passes("high", [drop("/settings/features")]) == set()

gone := [
	put("/evidence/features/contracts/0", {
		"name": "transactions", "status": "absent", "reason": "it is not there",
		"place": {"path": ["spec", "features", "contracts", 0, "path"]},
	}),
	put(facts_path("/contracts"), []),
	put(facts_path("/inputs"), [{"name": "amount", "contract": "transactions", "promise": "unread"}]),
]

test_contract_that_is_unavailable_fails_closed if {
	failures("high", [put("/evidence/features/contracts/0/status", "unavailable")]) == {
		"features/contract-missing", "features/contract-invalid",
	}
}

test_previous_statuses if {
	every rule in ["features/output-breaking", "features/not-locked"] {
		outcomes("high", [put("/previous", {"status": "absent", "reason": "none"})])[rule].outcome == "not-applicable"
		outcomes("high", [put("/previous", {"status": "unavailable", "reason": "why"})])[rule].outcome == "unknown"
		outcomes("high", [put("/previous", {"status": "invalid", "reason": "why"})])[rule].outcome == "failed"
	}
}
