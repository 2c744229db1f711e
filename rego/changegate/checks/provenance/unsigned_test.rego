package changegate.checks.provenance_test

test_unsigned_fires_where_there_is_no_statement if {
	none := [put("/facts/provenance/covers/0/statementsCount", 0)]
	only("provenance/unsigned", none, failed(["spec", "provenance"], {"signers": ["training"], "predicateTypes": ["any statement"]}))
}

test_unsigned_passes if passes("provenance/unsigned", [])

test_unsigned_is_unknown_where_a_file_was_not_handed_in if {
	hidden := [
		put("/facts/provenance/covers/0/statementsCount", 0),
		put("/evidence/provenance/signature", unseen),
	]
	outcomes("high", hidden)["provenance/unsigned"] == {"outcome": "unknown", "reason": "it was not handed in"}
}

test_unsigned_leaves_alone_what_nobody_has_to_sign if {
	is_na("provenance/unsigned", "high", unasked)
	is_na("provenance/unsigned", "high", [put("/facts/provenance/covers/0/tiers", ["critical"])])
}

test_unsigned_missing_keys_fail if {
	every path in ["/facts/provenance/covers", "/facts/provenance/covers/0/tiers", "/facts/provenance/covers/0/statementsCount"] {
		"provenance/unsigned" in failures("high", [put("/facts/provenance/covers/0/statementsCount", 0), drop(path)])
	}
}
