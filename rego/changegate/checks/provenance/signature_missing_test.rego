package changegate.checks.provenance_test

test_signature_missing_fires_without_one if {
	none := {"status": "absent", "reason": "none is named", "verified": false, "place": {"path": signature}}
	only(
		"provenance/signature-missing", [put("/evidence/provenance/signature", none)],
		failed(signature, {"reason": "none is named"}),
	)
}

test_signature_missing_fires_in_a_file_of_another_form if {
	at := {"file": "model.sig", "revision": "head", "line": 3, "column": 1}
	broken := {"status": "invalid", "reason": "no envelope", "verified": false, "place": {"at": at}}
	only(
		"provenance/signature-missing", [put("/evidence/provenance/signature", broken)],
		failed_at(at, {"reason": "no envelope"}),
	)
}

test_signature_missing_passes_unverified if passes("provenance/signature-missing", [])

test_signature_missing_unavailable_is_unknown if {
	unseen := {"status": "unavailable", "reason": "it was not handed in", "place": {"path": signature}}
	outcomes("high", [put("/evidence/provenance/signature", unseen)])["provenance/signature-missing"] == {
		"outcome": "unknown",
		"reason": "it was not handed in",
	}
}

test_signature_missing_missing_status_fails if {
	only("provenance/signature-missing", [drop("/evidence/provenance/signature/status")], failed(signature, {}))
	only("provenance/signature-missing", [drop("/evidence/provenance/signature")], failed(signature, {}))
}
