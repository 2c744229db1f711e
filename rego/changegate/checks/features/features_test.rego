package changegate.checks.features_test

import data.changegate.checks.features

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

listed_contract := {"name": "transactions", "status": "present", "place": contract_place([])}

good_facts := {
	"block": "present",
	"contracts": [good_contract],
	"switches": [{"name": "transactions", "before": 2, "after": 3}],
	"inputs": [good_input, {"name": "hour", "promise": "none"}],
	"outputs": {"majorRose": false, "changes": []},
}

good_contract := {
	"name": "transactions", "statedVersion": 3, "version": 3, "before": {"status": "present", "version": 3},
	"changes": [{"name": "new", "kind": "feature-added", "place": contract_place(["features", 3])}],
	"place": {"path": ["spec", "features", "contracts", 0, "version"]},
}

good_input := {
	"name": "amount", "contract": "transactions", "promise": "given",
	"type": {"promised": "float32", "accepted": "float64", "conversion": "widening"},
	"nulls": {"promised": true, "accepted": true},
	"values": {"compared": "within", "key": "range", "promised": [0, 10], "accepted": [0, 10]},
}

good_settings := {
	"inputsFrom": "medium",
	"notApplicableTasks": ["generation"],
	"contractsFrom": "medium",
	"allowedConversions": ["same", "widening"],
	"compatibleContractChanges": ["feature-added"],
	"outputsFrom": "medium",
	"lockedFrom": "high",
	"lockedStrategies": ["feature-locked"],
}

outcomes(tier, patches) := result if {
	result := features.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

add(path, value) := {"op": "add", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(path, details) := failed_with({"path": array.concat(["spec", "features"], path), "details": details})

failed_with(violation) := {"outcome": "failed", "violations": {violation}}

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

passes(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome == passed}

facts_path(rest) := concat("", ["/facts/features", rest])

test_good_passes_every_rule if {
	found := outcomes("critical", [])
	count(found) == 11
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
		"features/breaking-without-version",
	}
}

test_no_settings_pass_nothing if passes("high", [drop("/settings/features")]) == set()

test_inputs_missing_fires_alone if {
	none := [
		put(facts_path("/block"), "absent"), put(facts_path("/inputs"), []), put(facts_path("/contracts"), []),
		put("/evidence/features", {"status": "absent", "reason": "none", "contracts": []}),
	]
	failures("high", none) == {"features/inputs-missing"}
	outcomes("high", none)["features/inputs-missing"] == failed(["inputs"], {})
}

test_inputs_missing_passes_where_the_task_reads_none if {
	stated := [put(facts_path("/block"), "not-applicable"), put(facts_path("/inputs"), [])]
	"features/inputs-missing" in failures("high", stated)
	found := outcomes("high", array.concat(stated, [put("/release/spec/task", "generation")]))
	found["features/inputs-missing"].outcome == "not-applicable"
}

test_inputs_missing_missing if {
	every key in ["/facts/features/block", "/facts/features/inputs", "/settings/features/inputsFrom"] {
		"features/inputs-missing" in failures("high", [drop(key)])
	}
}

gone := [
	put("/evidence/features/contracts/0", {
		"name": "transactions", "status": "absent", "reason": "it is not there",
		"place": {"path": ["spec", "features", "contracts", 0, "path"]},
	}),
	put(facts_path("/contracts"), []),
	put(facts_path("/inputs"), [{"name": "amount", "contract": "transactions", "promise": "unread"}]),
]

test_contract_missing_fires_alone if {
	failures("high", gone) == {"features/contract-missing"}
	outcomes("high", gone)["features/contract-missing"] == failed(
		["contracts", 0, "path"],
		{"name": "transactions", "reason": "it is not there"},
	)
}

test_contract_missing_passes_what_is_there if passes("medium", [])["features/contract-missing"]

test_contract_missing_is_not_asked_where_none_is_named if {
	outcomes("high", [put("/evidence/features/contracts", [])])["features/contract-missing"].outcome == "not-applicable"
}

test_contract_missing_missing if {
	every key in ["/evidence/features/contracts/0/status", "/evidence/features/contracts", "/settings/features/contractsFrom"] {
		"features/contract-missing" in failures("high", [drop(key)])
	}
}

broken := array.concat(gone, [put("/evidence/features/contracts/0", {
	"name": "transactions", "status": "invalid", "reason": "no name", "place": contract_place(["name"]),
})])

test_contract_invalid_fires_alone if {
	failures("high", broken) == {"features/contract-invalid"}
	outcomes("high", broken)["features/contract-invalid"] == failed_with({
		"at": {"file": file, "revision": "head", "path": ["name"]},
		"details": {"name": "transactions", "reason": "no name"},
	})
}

test_contract_invalid_passes_what_can_be_read if passes("medium", [])["features/contract-invalid"]

test_contract_invalid_missing if {
	every key in ["/evidence/features/contracts/0/status", "/evidence/features/contracts", "/settings/features/contractsFrom"] {
		"features/contract-invalid" in failures("high", [drop(key)])
	}
}

test_contract_that_is_unavailable_fails_closed if {
	failures("high", [put("/evidence/features/contracts/0/status", "unavailable")]) == {
		"features/contract-missing", "features/contract-invalid",
	}
}

test_contract_version_mismatch_fires_alone if {
	other := [put(facts_path("/contracts/0/statedVersion"), 2)]
	failures("high", other) == {"features/contract-version-mismatch"}
	outcomes("high", other)["features/contract-version-mismatch"] == failed(
		["contracts", 0, "version"],
		{"name": "transactions", "statedVersion": 2, "version": 3},
	)
}

test_contract_version_mismatch_passes_the_same_version if passes("medium", [])["features/contract-version-mismatch"]

test_contract_version_mismatch_missing if {
	every key in ["/contracts/0/version", "/contracts/0/statedVersion", "/contracts"] {
		"features/contract-version-mismatch" in failures("high", [drop(facts_path(key))])
	}
}

test_input_unknown_fires_alone if {
	other := [put(facts_path("/inputs/0"), {"name": "amount", "contract": "payments", "promise": "not-listed"})]
	failures("high", other) == {"features/input-unknown"}
	outcomes("high", other)["features/input-unknown"] == failed(["inputs", 0, "name"], {
		"name": "amount", "contract": "payments", "problem": "is not listed under `features.contracts`",
	})
}

test_input_unknown_fires_where_the_contract_has_no_such_feature if {
	other := [put(facts_path("/inputs/0"), {"name": "amuont", "contract": "transactions", "promise": "not-given"})]
	failures("high", other) == {"features/input-unknown"}
	outcomes("high", other)["features/input-unknown"] == failed(["inputs", 0, "name"], {
		"name": "amuont", "contract": "transactions", "problem": "promises no such feature",
	})
}

test_input_unknown_passes_a_given_input if passes("medium", [])["features/input-unknown"]

test_input_unknown_missing if {
	"features/input-unknown" in failures("high", [drop(facts_path("/inputs/0/promise"))])
	"features/input-unknown" in failures("high", [drop(facts_path("/inputs"))])
}

test_type_mismatch_fires_alone if {
	every conversion in ["lossy", "incompatible"] {
		other := [put(facts_path("/inputs/0/type/conversion"), conversion)]
		failures("high", other) == {"features/type-mismatch"}
		outcomes("high", other)["features/type-mismatch"] == failed(["inputs", 0, "dtype"], {
			"name": "amount", "contract": "transactions", "promised": "float32", "accepted": "float64",
		})
	}
}

test_type_mismatch_passes_what_the_settings_allow if {
	allowed := [put(facts_path("/inputs/0/type/conversion"), "lossy"), put("/settings/features/allowedConversions", ["lossy"])]
	failures("high", allowed) == set()
}

test_type_mismatch_missing if {
	every key in ["/inputs/0/type/conversion", "/inputs/0/type", "/inputs/0/promise", "/inputs"] {
		"features/type-mismatch" in failures("high", array.concat(
			[put(facts_path("/inputs/0/type/conversion"), "incompatible")],
			[drop(facts_path(key))],
		))
	}
	"features/type-mismatch" in failures("high", [drop("/settings/features/allowedConversions")])
}

test_nullability_mismatch_fires_alone if {
	other := [put(facts_path("/inputs/0/nulls/accepted"), false)]
	failures("high", other) == {"features/nullability-mismatch"}
	outcomes("high", other)["features/nullability-mismatch"] == failed(
		["inputs", 0, "nullable"],
		{"name": "amount", "contract": "transactions"},
	)
}

test_nullability_mismatch_passes_where_none_is_promised if {
	failures("high", [put(facts_path("/inputs/0/nulls"), {"promised": false, "accepted": false})]) == set()
}

test_nullability_mismatch_missing if {
	every key in ["/inputs/0/nulls/accepted", "/inputs/0/nulls", "/inputs"] {
		"features/nullability-mismatch" in failures("high", [drop(facts_path(key))])
	}
}

test_range_mismatch_fires_alone if {
	other := [put(facts_path("/inputs/0/values/compared"), "outside"), put(facts_path("/inputs/0/values/accepted"), [0, 5])]
	failures("high", other) == {"features/range-mismatch"}
	outcomes("high", other)["features/range-mismatch"] == failed(["inputs", 0, "range"], {
		"name": "amount", "contract": "transactions", "key": "range", "promised": [0, 10], "accepted": [0, 5],
	})
}

test_range_mismatch_stands_at_the_enumeration if {
	values := {"compared": "outside", "key": "enum", "promised": ["a", "b"], "accepted": ["a"]}
	found := outcomes("high", [put(facts_path("/inputs/0/values"), values)])["features/range-mismatch"]
	{one.path | some one in found.violations} == {["spec", "features", "inputs", 0, "enum"]}
}

test_range_mismatch_passes_where_one_side_states_none if {
	failures("high", [put(facts_path("/inputs/0/values"), {"compared": "not-stated"})]) == set()
}

test_range_mismatch_missing if {
	every key in ["/inputs/0/values/compared", "/inputs/0/values", "/inputs"] {
		"features/range-mismatch" in failures("high", [drop(facts_path(key))])
	}
}

loosened := [add(facts_path("/contracts/0/changes/1"), {
	"name": "amount", "kind": "nulls-added", "place": contract_place(["features", 0, "nullable"]),
})]

test_breaking_without_version_fires_alone if {
	failures("high", loosened) == {"features/breaking-without-version"}
	outcomes("high", loosened)["features/breaking-without-version"] == failed_with({
		"at": {"file": file, "revision": "head", "path": ["features", 0, "nullable"]},
		"details": {"contract": "transactions", "name": "amount", "kind": "nulls-added", "versionBefore": 3},
	})
}

test_breaking_without_version_passes_with_a_new_version if {
	failures("high", array.concat(loosened, [put(facts_path("/contracts/0/before/version"), 2)])) == set()
}

test_breaking_without_version_fires_where_the_version_falls if {
	fallen := array.concat(loosened, [put(facts_path("/contracts/0/before/version"), 4)])
	failures("high", fallen) == {"features/breaking-without-version"}
}

test_breaking_without_version_fires_where_the_old_one_could_not_be_read if {
	unreadable := [
		put(facts_path("/contracts/0/before"), {"status": "invalid"}),
		put(facts_path("/contracts/0/changes"), [{
			"name": "features", "kind": "unreadable-before", "place": contract_place(["version"]),
		}]),
	]
	failures("high", unreadable) == {"features/breaking-without-version"}
}

test_breaking_without_version_passes_a_new_contract if {
	new := [put(facts_path("/contracts/0/before"), {"status": "absent"}), put(facts_path("/contracts/0/changes"), [])]
	failures("high", new) == set()
}

test_breaking_without_version_missing if {
	every key in ["/contracts/0/changes", "/contracts/0/changes/0/kind", "/contracts/0/before", "/contracts"] {
		"features/breaking-without-version" in failures("high", [drop(facts_path(key))])
	}
	"features/breaking-without-version" in failures("high", [drop("/settings/features/compatibleContractChanges")])
	"features/breaking-without-version" in failures("high", array.concat(loosened, [drop(facts_path("/contracts/0/before/version"))]))
}

lost := [put(facts_path("/outputs/changes"), [{
	"name": "score", "before": "float32", "place": {"path": ["spec", "features", "outputs"]},
}])]

test_output_breaking_fires_alone if {
	failures("high", lost) == {"features/output-breaking"}
	outcomes("high", lost)["features/output-breaking"] == failed(
		["outputs"],
		{"name": "score", "before": "float32", "after": "gone"},
	)
}

test_output_breaking_passes_with_a_new_major_version if {
	failures("high", array.concat(lost, [put(facts_path("/outputs/majorRose"), true)])) == set()
}

test_output_breaking_lets_a_release_go_back_to_the_named_version if {
	back := array.concat(lost, [put("/change/operation", "rollback")])
	failures("high", back) == {"features/output-breaking"}
	named := array.concat(back, [put("/release/spec/version", "2.2.0")])
	outcomes("high", named)["features/output-breaking"].outcome == "not-applicable"
}

test_output_breaking_fires_whatever_is_known_of_the_output if {
	failures("high", array.concat(lost, [drop(facts_path("/outputs/changes/0/before"))])) == {"features/output-breaking"}
}

test_output_breaking_missing if {
	every key in ["/facts/features/outputs/changes", "/facts/features/outputs", "/previous/status", "/settings/features/outputsFrom"] {
		"features/output-breaking" in failures("high", [drop(key)])
	}
}

split := [put("/facts/rollout/strategy", "canary")]

test_not_locked_fires_alone if {
	failures("high", split) == {"features/not-locked"}
	outcomes("high", split)["features/not-locked"] == failed_with({
		"path": ["spec", "rollout", "strategy"],
		"details": {"contracts": ["transactions"], "strategy": "canary"},
	})
	failures("medium", split) == set()
}

test_not_locked_passes_where_no_version_changes if {
	found := outcomes("high", array.concat(split, [put(facts_path("/switches"), [])]))
	found["features/not-locked"].outcome == "not-applicable"
}

test_not_locked_passes_where_there_is_no_plan if {
	found := outcomes("high", [put("/facts/rollout", {"plan": "absent"})])
	found["features/not-locked"].outcome == "not-applicable"
}

test_not_locked_missing if {
	every key in ["/facts/features/switches", "/facts/rollout/strategy", "/previous/status", "/settings/features/lockedFrom", "/settings/features/lockedStrategies"] {
		"features/not-locked" in failures("high", [drop(key)])
	}
}

test_previous_statuses if {
	every rule in ["features/output-breaking", "features/not-locked"] {
		outcomes("high", [put("/previous", {"status": "absent", "reason": "none"})])[rule].outcome == "not-applicable"
		outcomes("high", [put("/previous", {"status": "unavailable", "reason": "why"})])[rule].outcome == "unknown"
		outcomes("high", [put("/previous", {"status": "invalid", "reason": "why"})])[rule].outcome == "failed"
	}
}
