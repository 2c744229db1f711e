package changegate.checks.provenance_test

test_signature_inconsistent_fires if {
	bad := [add("/facts/provenance/signed/0/model/fault", "it has 2 subjects")]
	only("provenance/signature-inconsistent", bad, failed_at(at_file, {"what": "signature", "fault": "it has 2 subjects"}))
}

test_signature_inconsistent_passes if passes("provenance/signature-inconsistent", [])

test_signature_inconsistent_leaves_alone_what_is_not_asked if {
	is_na("provenance/signature-inconsistent", "low", array.concat(unasked, [add("/facts/provenance/signed/0/model/fault", "x")]))
}

test_signature_inconsistent_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/facts/provenance/signed/0/model"] {
		"provenance/signature-inconsistent" in failures("high", [drop(path)])
	}
}
