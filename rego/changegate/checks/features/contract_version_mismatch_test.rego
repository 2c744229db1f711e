package changegate.checks.features_test

test_contract_version_mismatch_fires_alone if {
	other := [
		put(facts_path("/contracts/0/statedVersion"), 2),
		put(facts_path("/contracts/0/versionSays"), "other"),
	]
	failures("high", other) == {"features/contract-version-mismatch"}
	outcomes("high", other)["features/contract-version-mismatch"] == failed(
		["contracts", 0, "version"],
		{"name": "transactions", "statedVersion": 2, "version": 3},
	)
}

test_contract_version_mismatch_has_nothing_to_say_of_what_has_no_version if {
	failures("high", [put(facts_path("/contracts/0/versionSays"), "not-said"), drop(facts_path("/contracts/0/version"))]) == set()
}

test_contract_version_mismatch_passes_the_same_version if passes("medium", [])["features/contract-version-mismatch"]

test_contract_version_mismatch_missing if {
	every key in ["/contracts/0/versionSays", "/contracts"] {
		"features/contract-version-mismatch" in failures("high", [drop(facts_path(key))])
	}
}
