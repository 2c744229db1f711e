package changegate.checks.provenance_test

test_attestation_missing_fires_without_one if {
	none := [
		put("/evidence/provenance/attestations", {"status": "absent", "reason": "none", "files": []}),
		put("/facts/provenance/attestations", []),
	]
	only("provenance/attestation-missing", none, failed(
		attestations,
		{"named": "none", "wanted": ["https://slsa.dev/provenance/v1"]},
	))
}

test_attestation_missing_fires_where_none_is_of_a_build if {
	other := "https://in-toto.io/attestation/release/v0.1"
	released := [put("/evidence/provenance/attestations/files/0/predicateType", other)]
	only("provenance/attestation-missing", released, failed(
		attestations,
		{"named": [other], "wanted": ["https://slsa.dev/provenance/v1"]},
	))
}

test_attestation_missing_passes if passes("provenance/attestation-missing", [])

test_attestation_missing_missing_files_fail if {
	every path in ["/evidence/provenance/attestations/files", "/evidence/provenance/attestations/files/0/predicateType"] {
		"provenance/attestation-missing" in failures("high", [drop(path)])
	}
	failures("high", [drop("/settings/provenance/buildPredicateTypes")]) == {"provenance/attestation-missing"}
}
