package changegate.checks.provenance_test

test_signed_file_missing_fires if {
	only("provenance/signed-file-missing", [put("/facts/provenance/signed/0/model/missing", ["guardrail"])], failed_at(at_file, {"what": "signature", "names": ["guardrail"]}))
}

test_signed_file_missing_passes if passes("provenance/signed-file-missing", [])

test_signed_file_missing_leaves_alone_what_is_not_asked if {
	low := array.concat(unasked, [put("/facts/provenance/signed/0/model/missing", ["guardrail"])])
	is_na("provenance/signed-file-missing", "low", low)
	"provenance/signed-file-missing" in failures("medium", low)
}

test_signed_file_missing_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/facts/provenance/signed/0/model", "/facts/provenance/signed/0/model/missing"] {
		"provenance/signed-file-missing" in failures("high", [drop(path)])
	}
}

test_signed_file_missing_leaves_another_model_to_its_rule if {
	other := [put("/facts/provenance/signed/0/model/bound", []), put("/facts/provenance/signed/0/model/missing", ["x"])]
	failures("high", other) == {"provenance/signature-of-another-model"}
}
