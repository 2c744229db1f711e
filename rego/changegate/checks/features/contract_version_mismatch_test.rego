package changegate.checks.features_test

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
