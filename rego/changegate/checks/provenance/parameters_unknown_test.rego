package changegate.checks.provenance_test

test_parameters_unknown_fires if only("provenance/parameters-unknown", [put("/facts/provenance/signed/1/attested/unknownParameters", ["entryPoint"])], failed_at(at_file, {"predicateType": "https://slsa.dev/provenance/v1", "names": ["entryPoint"]}))

test_parameters_unknown_passes if passes("provenance/parameters-unknown", [])

test_parameters_unknown_leaves_alone_what_is_not_there if {
	is_na("provenance/parameters-unknown", "high", [drop("/facts/provenance/signed/1")])
}

test_parameters_unknown_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/settings/provenance/parametersFrom"] {
		"provenance/parameters-unknown" in failures("high", [drop(path)])
	}
}
