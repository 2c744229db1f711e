package changegate.checks.provenance_test

test_key_weak_fires_on_what_somebody_has_to_sign if {
	only("provenance/key-weak", doubted("weak-key"), failed_at(at_file, doubt_details))
}

test_key_weak_fires_where_settings_ask if {
	asked := array.concat(doubted("weak-key"), [put("/facts/provenance/signed/0/covers", []), put("/settings/provenance/verifiedFrom", "high")])
	failures("high", asked) == {"provenance/key-weak"}
}

test_key_weak_passes if passes("provenance/key-weak", [])

test_key_weak_leaves_alone_what_nobody_has_to_sign if {
	is_na("provenance/key-weak", "high", array.concat(doubted("weak-key"), unasked))
}

test_key_weak_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/facts/provenance/signed/0/doubts", "/facts/provenance/covers/0/tiers"] {
		"provenance/key-weak" in failures("high", array.concat(doubted("weak-key"), [drop(path)]))
	}
}
