package changegate.checks.provenance_test

slsa := {"predicateType": "https://slsa.dev/provenance/v1"}

is_na(id, tier, patches) if outcomes(tier, patches)[id].outcome == "not-applicable"

test_attestation_mismatch_fires_when_bound_to_nothing if {
	only("provenance/attestation-mismatch", [put("/facts/provenance/attestations/0/boundTo", [])], failed_at(at_file, slsa))
}

test_attestation_mismatch_fires_when_bound_by_a_weak_digest if {
	weak := [put("/facts/provenance/attestations/0/boundTo/0/algorithm", "md5")]
	only("provenance/attestation-mismatch", weak, failed_at(at_file, slsa))
}

test_attestation_mismatch_fires_on_one_of_two if {
	handed_in := {"predicateType": "https://slsa.dev/provenance/v1", "boundTo": [], "place": {"path": digest_path}}
	only(
		"provenance/attestation-mismatch", [add("/facts/provenance/attestations/-", handed_in)],
		failed(digest_path, slsa),
	)
}

test_attestation_mismatch_passes if passes("provenance/attestation-mismatch", [])

test_attestation_mismatch_leaves_the_unreadable_to_its_own_rule if {
	is_na("provenance/attestation-mismatch", "high", [put("/evidence/provenance/attestations/status", "invalid")])
}

test_attestation_mismatch_missing_keys_fail if {
	failures("high", [drop("/facts/provenance/attestations/0/boundTo")]) == {"provenance/attestation-mismatch"}
	failures("high", [drop("/facts/provenance/attestations/0/boundTo/0/algorithm")]) == {"provenance/attestation-mismatch"}
	only("provenance/attestation-mismatch", [drop("/facts/provenance/attestations")], failed(attestations, {}))
	only("provenance/attestation-mismatch", [drop("/facts/provenance/attestations/0")], failed(attestations, {}))
	"provenance/attestation-mismatch" in failures("high", [drop("/evidence/provenance/attestations/status")])
	"provenance/attestation-mismatch" in failures("high", [drop("/settings/provenance/strongAlgorithms")])
}
