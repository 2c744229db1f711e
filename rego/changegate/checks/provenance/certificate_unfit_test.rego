package changegate.checks.provenance_test

test_certificate_unfit_fires_on_what_somebody_has_to_sign if {
	only("provenance/certificate-unfit", doubted("wrong-usage"), failed_at(at_file, doubt_details))
}

test_certificate_unfit_fires_where_settings_ask if {
	asked := array.concat(doubted("wrong-usage"), [put("/facts/provenance/signed/0/covers", []), put("/settings/provenance/verifiedFrom", "high")])
	failures("high", asked) == {"provenance/certificate-unfit"}
}

test_certificate_unfit_passes if passes("provenance/certificate-unfit", [])

test_certificate_unfit_leaves_alone_what_nobody_has_to_sign if {
	is_na("provenance/certificate-unfit", "high", array.concat(doubted("wrong-usage"), unasked))
}

test_certificate_unfit_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/facts/provenance/signed/0/doubts", "/facts/provenance/covers/0/tiers"] {
		"provenance/certificate-unfit" in failures("high", array.concat(doubted("wrong-usage"), [drop(path)]))
	}
}
