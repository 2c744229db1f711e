package changegate.checks.provenance_test

test_signature_of_another_model_fires if {
	only("provenance/signature-of-another-model", [put("/facts/provenance/signed/0/model/bound", [])], failed_at(at_file, {"what": "signature"}))
}

test_signature_of_another_model_passes if passes("provenance/signature-of-another-model", [])

test_signature_of_another_model_leaves_what_was_altered_to_its_rule if {
	other := [
		put("/facts/provenance/signed/0/model/bound", []),
		put("/facts/provenance/signed/0/model/altered", [{"artifact": "model", "name": "m"}]),
	]
	failures("high", other) == {"provenance/artifact-altered"}
}

test_signature_of_another_model_leaves_alone_what_is_not_asked if {
	low := array.concat(unasked, [put("/facts/provenance/signed/0/model/bound", [])])
	is_na("provenance/signature-of-another-model", "low", low)
	is_na("provenance/signature-of-another-model", "high", [put("/facts/provenance/signed", [])])
}

test_signature_of_another_model_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/facts/provenance/signed/0/model", "/facts/provenance/signed/0/model/bound"] {
		"provenance/signature-of-another-model" in failures("high", [drop(path)])
	}
}
