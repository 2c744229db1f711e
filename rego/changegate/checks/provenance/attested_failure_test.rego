package changegate.checks.provenance_test

test_attested_failure_fires if only("provenance/attested-failure", [add("/facts/provenance/signed/1/attested/result", "FAILED")], failed_at(at_file, {"predicateType": "https://slsa.dev/provenance/v1"}))

test_attested_failure_passes if passes("provenance/attested-failure", [])

test_attested_failure_leaves_alone_what_is_not_there if {
	is_na("provenance/attested-failure", "high", [drop("/facts/provenance/signed/1")])
}

test_attested_failure_missing_keys_fail if {
	every path in ["/facts/provenance/signed"] {
		"provenance/attested-failure" in failures("high", [drop(path)])
	}
}
