package changegate.checks.provenance_test

altered := {"status": "invalid", "reason": "it has another digest", "verified": false, "place": {"path": digest_path}}

test_attestation_invalid_fires_beside_a_good_one if {
	only(
		"provenance/attestation-invalid", [add("/evidence/provenance/attestations/files/-", altered)],
		failed(array.concat(attestations, [1, "digest"]), {"reason": "it has another digest"}),
	)
}

test_attestation_invalid_fires_in_its_file_and_alone if {
	slsa := "https://slsa.dev/provenance/v1"
	broken := {"status": "invalid", "reason": "no envelope", "verified": false, "predicateType": slsa, "place": {"at": at_file}}
	alone := [
		put("/evidence/provenance/attestations", {"status": "invalid", "reason": "no envelope", "files": [broken]}),
		put("/facts/provenance/attestations", []),
	]
	only("provenance/attestation-invalid", alone, failed_at(at_file, {"reason": "no envelope"}))
}

test_attestation_invalid_passes if passes("provenance/attestation-invalid", [])

test_attestation_invalid_unavailable_is_unknown_unless_another_is_broken if {
	found := {"status": "unavailable", "reason": "it was not handed in", "files": [attested, unseen]}
	hidden := [put("/evidence/provenance/attestations", found)]
	every id in {"provenance/attestation-invalid", "provenance/attestation-mismatch"} {
		outcomes("high", hidden)[id] == {"outcome": "unknown", "reason": "it was not handed in"}
	}
	worse := array.concat(hidden, [add("/evidence/provenance/attestations/files/-", altered)])
	failures("high", worse) == {"provenance/attestation-invalid"}
}

test_attestation_invalid_missing_keys_fail if {
	"provenance/attestation-invalid" in failures("high", [drop("/evidence/provenance/attestations/status")])
	"provenance/attestation-invalid" in failures("high", [drop("/evidence/provenance/attestations/files")])
	"provenance/attestation-invalid" in failures("high", [drop("/evidence/provenance/attestations/files/0")])
	only(
		"provenance/attestation-invalid", [drop("/evidence/provenance/attestations/files/0/status")],
		failed(attestations, {}),
	)
}
