package changegate.checks.provenance_test

test_attestation_missing_fires_without_one if {
	none := [
		put("/evidence/provenance/attestations", {"status": "absent", "reason": "none", "files": []}),
		put("/facts/provenance/attestations", []),
	]
	only("provenance/attestation-missing", none, failed(attestations, {}))
}

test_attestation_missing_passes if passes("provenance/attestation-missing", [])

test_attestation_missing_missing_files_fail if {
	"provenance/attestation-missing" in failures("high", [drop("/evidence/provenance/attestations/files")])
}
