package changegate.checks.features_test

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
