package changegate.checks.claims_test

test_file_missing_fires_at_the_name if {
	every status in ["absent", "invalid"] {
		outcomes("high", [put("/facts/claims/files", [named("present"), named(status)])])["claims/file-missing"] == failed(
			["a"],
			{"file": "red-team.json", "reason": "why"},
		)
	}
}

test_file_missing_passes_what_is_there if outcomes("high", [])["claims/file-missing"] == passed

test_file_missing_missing_facts_fail if {
	outcomes("high", [drop("/facts/claims/files")])["claims/file-missing"].outcome == "failed"
	statusless := [object.remove(named("present"), ["status"])]
	outcomes("high", [put("/facts/claims/files", statusless)])["claims/file-missing"].outcome == "failed"
}

test_file_missing_claims_nothing_of_what_lies_elsewhere if {
	every files in [[], [named("present"), named("unavailable")]] {
		outcomes("high", [put("/facts/claims/files", files)])["claims/file-missing"].outcome == "not-applicable"
	}
}
