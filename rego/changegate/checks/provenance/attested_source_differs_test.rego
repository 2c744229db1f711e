package changegate.checks.provenance_test

test_attested_source_differs_fires if only("provenance/attested-source-differs", [put("/facts/provenance/signed/1/attested/source/commit", "other")], failed_at(at_file, {"predicateType": "https://slsa.dev/provenance/v1", "what": "commit", "said": "9fce"}))

test_attested_source_differs_passes if passes("provenance/attested-source-differs", [])

test_attested_source_differs_leaves_alone_what_is_not_there if {
	is_na("provenance/attested-source-differs", "high", [drop("/facts/provenance/signed/1")])
}

test_attested_source_differs_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/facts/provenance/signed/1/attested/source/commit", "/facts/provenance/signed/1/attested/source/repository"] {
		"provenance/attested-source-differs" in failures("high", [drop(path)])
	}
}
