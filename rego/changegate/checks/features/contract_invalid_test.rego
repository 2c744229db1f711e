package changegate.checks.features_test

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
