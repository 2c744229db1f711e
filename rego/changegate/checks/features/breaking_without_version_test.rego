package changegate.checks.features_test

add(path, value) := {"op": "add", "path": path, "value": value}

loosened := [add(facts_path("/contracts/0/changes/1"), {
	"name": "amount", "kind": "nulls-added", "breaks": [], "place": contract_place(["features", 0, "nullable"]),
})]

test_breaking_without_version_fires_alone if {
	failures("high", loosened) == {"features/breaking-without-version"}
	outcomes("high", loosened)["features/breaking-without-version"] == failed_with({
		"at": {"file": file, "revision": "head", "path": ["features", 0, "nullable"]},
		"details": {"contract": "transactions", "name": "amount", "kind": "nulls-added", "versionBefore": 3},
	})
}

test_breaking_without_version_passes_with_a_new_version if {
	failures("high", array.concat(loosened, [put(facts_path("/contracts/0/versionMoved"), "raised")])) == set()
}

test_breaking_without_version_fires_where_the_version_falls if {
	fallen := array.concat(loosened, [put(facts_path("/contracts/0/versionMoved"), "lowered")])
	failures("high", fallen) == {"features/breaking-without-version"}
}

test_breaking_without_version_fires_where_the_old_one_could_not_be_read if {
	unreadable := [
		put(facts_path("/contracts/0/before"), {"status": "invalid"}),
		put(facts_path("/contracts/0/changes"), [{
			"name": "features", "kind": "unreadable-before", "breaks": [], "place": contract_place(["version"]),
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
	"features/breaking-without-version" in failures("high", array.concat(loosened, [drop(facts_path("/contracts/0/versionMoved"))]))
}
