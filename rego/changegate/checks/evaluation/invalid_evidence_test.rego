package changegate.checks.evaluation_test

broken := {
	"status": "invalid", "reason": "it is not JSON",
	"place": {"at": {"file": file, "revision": "head", "line": 3, "column": 1}},
}

test_invalid_evidence_fires_alone if {
	changed := [
		put("/evidence/evaluation/status", "invalid"),
		put("/evidence/evaluation/reason", "it is not JSON"),
		put("/evidence/evaluation/files", [broken]),
	]
	failures("high", changed) == {"evaluation/invalid-evidence"}
	outcomes("high", changed)["evaluation/invalid-evidence"] == {
		"outcome": "failed",
		"violations": {{"at": broken.place.at, "details": {"reason": "it is not JSON"}}},
	}
	{outcomes("high", changed)[id].outcome | some id in reads_reports} == {"not-applicable"}
}

test_invalid_evidence_fires_for_one_of_two_and_in_every_tier if {
	absent := {"status": "absent", "reason": "it is not there", "place": {"path": ["spec", "evaluation", "evidence", 1, "path"]}}
	changed := [put("/evidence/evaluation/files/-", absent)]
	failures("low", changed) == {"evaluation/invalid-evidence"}
	outcomes("high", changed)["evaluation/invalid-evidence"] == failed(
		["spec", "evaluation", "evidence", 1, "path"],
		{"reason": "it is not there"},
	)
}

test_invalid_evidence_passes_for_two_sound_reports if {
	failures("high", [put("/evidence/evaluation/files/-", {"status": "present"})]) == set()
}

test_invalid_evidence_missing_keys if {
	every path in ["/evidence/evaluation/status", "/evidence/evaluation/files", "/evidence/evaluation/files/0/status"] {
		"evaluation/invalid-evidence" in failures("high", [drop(path)])
	}
}
