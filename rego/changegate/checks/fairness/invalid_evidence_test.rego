package changegate.checks.fairness_test

test_invalid_evidence_fires_alone if {
	broken := [
		put("/evidence/fairness/status", "invalid"),
		put("/evidence/fairness/files/0", {"status": "invalid", "reason": "why", "place": at(["groups", 0])}),
	]
	failures("high", broken) == {"fairness/invalid-evidence"}
	outcomes("high", broken)["fairness/invalid-evidence"] == failed(at(["groups", 0]), {"reason": "why"})
	failures("low", broken) == {"fairness/invalid-evidence"}
}

test_invalid_evidence_passes_where_every_file_is_present if {
	outcomes("high", [])["fairness/invalid-evidence"] == passed
	one_of_two := [{"op": "add", "path": "/evidence/fairness/files/1", "value": {"status": "absent", "reason": "gone", "place": block}}]
	failures("high", one_of_two) == {"fairness/invalid-evidence"}
}

test_invalid_evidence_missing_status_fails if {
	failures("high", [drop("/evidence/fairness/files/0/status")]) == {"fairness/invalid-evidence"}
	"fairness/invalid-evidence" in failures("high", [drop("/evidence/fairness/files")])
}
