package changegate.checks.features_test

other := [
	put(facts_path("/contracts/0/pinned"), "other-digest"),
	{"op": "add", "path": facts_path("/contracts/0/otherDigest"), "value": "it has another one"},
]

test_contract_digest_mismatch_fires_alone if {
	failures("high", other) == {"features/contract-digest-mismatch"}
	outcomes("high", other)["features/contract-digest-mismatch"] == failed(
		["contracts", 0, "digest"],
		{"name": "transactions", "reason": "it has another one"},
	)
}

test_contract_digest_mismatch_stands_at_the_contracts_without_a_place if {
	outcomes("high", array.concat(other, [drop(facts_path("/contracts/0/place"))]))["features/contract-digest-mismatch"] == failed(
		["contracts", "digest"],
		{"name": "transactions", "reason": "it has another one"},
	)
}

test_contract_digest_mismatch_passes_what_is_pinned if {
	every how in ["version", "digest"] {
		not "features/contract-digest-mismatch" in failures("high", [put(facts_path("/contracts/0/pinned"), how)])
	}
}

test_contract_digest_mismatch_missing if {
	every key in ["/contracts/0/pinned", "/contracts"] {
		"features/contract-digest-mismatch" in failures("high", [drop(facts_path(key))])
	}
}
