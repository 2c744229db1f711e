package changegate.checks.features_test

unpinned := [put(facts_path("/contracts/0/pinned"), "no"), put(facts_path("/contracts/0/format"), "avro")]

test_contract_unpinned_fires_alone if {
	failures("high", unpinned) == {"features/contract-unpinned"}
	outcomes("high", unpinned)["features/contract-unpinned"] == failed(
		["contracts", 0, "version"],
		{"name": "transactions", "format": "avro", "statedVersion": 3},
	)
}

test_contract_unpinned_passes_what_is_bound if {
	every how in ["version", "digest"] { failures("high", [put(facts_path("/contracts/0/pinned"), how)]) == set() }
}

test_contract_unpinned_missing if {
	every key in ["/contracts/0/pinned", "/contracts"] {
		"features/contract-unpinned" in failures("high", [drop(facts_path(key))])
	}
}
