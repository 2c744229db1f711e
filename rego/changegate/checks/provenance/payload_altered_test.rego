package changegate.checks.provenance_test

test_payload_altered_fires_on_what_somebody_has_to_sign if {
	only("provenance/payload-altered", doubted("payload-altered"), failed_at(at_file, doubt_details))
}

test_payload_altered_fires_where_settings_ask if {
	asked := array.concat(doubted("payload-altered"), [put("/facts/provenance/signed/0/covers", []), put("/settings/provenance/verifiedFrom", "high")])
	failures("high", asked) == {"provenance/payload-altered"}
}

test_payload_altered_passes if passes("provenance/payload-altered", [])

test_payload_altered_leaves_alone_what_nobody_has_to_sign if {
	is_na("provenance/payload-altered", "high", array.concat(doubted("payload-altered"), unasked))
}

test_payload_altered_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/facts/provenance/signed/0/doubts", "/facts/provenance/covers/0/tiers"] {
		"provenance/payload-altered" in failures("high", array.concat(doubted("payload-altered"), [drop(path)]))
	}
}
