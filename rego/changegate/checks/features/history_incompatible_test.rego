package changegate.checks.features_test

long_ago := [add(facts_path("/contracts/0/history/changes/1"), {
	"name": "amount", "kind": "nulls-removed", "breaks": ["backward"], "version": 1, "commit": "c",
	"place": contract_place(["features", 0, "nullable"]),
})]

test_history_incompatible_fires_alone if {
	failures("high", long_ago) == {"features/history-incompatible"}
	outcomes("high", long_ago)["features/history-incompatible"] == failed_with({
		"at": {"file": file, "revision": "head", "path": ["features", 0, "nullable"]},
		"details": {
			"contract": "transactions", "name": "amount", "kind": "nulls-removed", "mode": "full-transitive", "version": 1,
		},
	})
}

test_history_incompatible_passes_the_other_direction if {
	failures("high", array.concat(long_ago, in_mode("forward-transitive"))) == set()
}

test_history_incompatible_is_unknown_where_nobody_can_look if {
	nobody := [put(facts_path("/contracts/0/history"), {"status": "unavailable", "reason": "it is shallow", "changes": []})]
	outcomes("high", nobody)["features/history-incompatible"] == {"outcome": "unknown", "reason": "it is shallow"}
}

test_history_incompatible_is_asked_of_transitive_modes_alone if {
	nobody := [put(facts_path("/contracts/0/history"), {"status": "absent", "reason": "no", "changes": []})]
	outcomes("high", nobody)["features/history-incompatible"].outcome == "not-applicable"
}

test_history_incompatible_missing if {
	every key in ["/contracts/0/history", "/contracts/0/history/status", "/contracts/0/history/changes", "/contracts/0/history/changes/0/breaks", "/contracts"] {
		"features/history-incompatible" in failures("high", [drop(facts_path(key))])
	}
}
