package changegate.checks.provenance_test

test_signer_expired_fires_on_what_somebody_has_to_sign if {
	only("provenance/signer-expired", doubted("expired"), failed_at(at_file, doubt_details))
}

test_signer_expired_fires_where_settings_ask if {
	asked := array.concat(doubted("expired"), [put("/facts/provenance/signed/0/covers", []), put("/settings/provenance/verifiedFrom", "high")])
	failures("high", asked) == {"provenance/signer-expired"}
}

test_signer_expired_passes if passes("provenance/signer-expired", [])

test_signer_expired_leaves_alone_what_nobody_has_to_sign if {
	is_na("provenance/signer-expired", "high", array.concat(doubted("expired"), unasked))
}

test_signer_expired_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/facts/provenance/signed/0/doubts", "/facts/provenance/covers/0/tiers"] {
		"provenance/signer-expired" in failures("high", array.concat(doubted("expired"), [drop(path)]))
	}
}
