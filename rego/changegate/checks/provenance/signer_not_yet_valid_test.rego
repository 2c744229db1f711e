package changegate.checks.provenance_test

test_signer_not_yet_valid_fires_on_what_somebody_has_to_sign if {
	only("provenance/signer-not-yet-valid", doubted("not-yet-valid"), failed_at(at_file, doubt_details))
}

test_signer_not_yet_valid_fires_where_settings_ask if {
	asked := array.concat(doubted("not-yet-valid"), [put("/facts/provenance/signed/0/covers", []), put("/settings/provenance/verifiedFrom", "high")])
	failures("high", asked) == {"provenance/signer-not-yet-valid"}
}

test_signer_not_yet_valid_passes if passes("provenance/signer-not-yet-valid", [])

test_signer_not_yet_valid_leaves_alone_what_nobody_has_to_sign if {
	is_na("provenance/signer-not-yet-valid", "high", array.concat(doubted("not-yet-valid"), unasked))
}

test_signer_not_yet_valid_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/facts/provenance/signed/0/doubts", "/facts/provenance/covers/0/tiers"] {
		"provenance/signer-not-yet-valid" in failures("high", array.concat(doubted("not-yet-valid"), [drop(path)]))
	}
}
