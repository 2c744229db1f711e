package changegate.checks.owners_test

waiting := put("/facts/owners/demands/0/approvedBy", ["ana"])

test_not_approved_fires_at_the_file_beside_the_line if {
	failures([waiting]) == {"owners/not-approved"}
	outcomes([waiting])["owners/not-approved"] == {"outcome": "failed", "violations": {beside_line(manifest, {
		"owners": ["@acme/payments"], "neededCount": 2, "files": [manifest.file], "approvedBy": ["ana"], "candidates": ["chidi"],
	})}}
}

test_not_approved_fires_where_an_approval_is_too_old if {
	old := put("/facts/approvals/ageSeconds/bo", 101)
	failures([old]) == {"owners/not-approved"}
}

test_not_approved_passes_where_all_have if outcomes([])["owners/not-approved"] == passed

test_not_approved_passes_beside_an_owner_nobody_knows if {
	outcomes([put("/facts/owners/demands/0/unknownBecause", ["why"])])["owners/not-approved"] == passed
}

test_not_approved_is_unknown_where_an_owner_is if {
	found := outcomes([waiting, put("/facts/owners/demands/0/unknownBecause", ["who is @acme/x?"])])
	found["owners/not-approved"] == {"outcome": "unknown", "reason": "who is @acme/x?"}
}

test_not_approved_is_unknown_where_reviews_are if {
	away := {"status": "unavailable", "reason": "why"}
	outcomes([put("/evidence/owners", away)])["owners/not-approved"] == {"outcome": "unknown", "reason": "why"}
	found := outcomes([waiting, put("/facts/owners/demands/0/unclearBecause", "a rebase")])
	found["owners/not-approved"] == {"outcome": "unknown", "reason": "a rebase"}
}

test_not_approved_leaves_what_has_no_owner if {
	states([put("/facts/owners/demands", [])])["owners/not-approved"] == "not-applicable"
}

test_not_approved_missing_facts_fail if {
	every path in [
		"/facts/owners/checked", "/facts/owners/demands", "/facts/owners/demands/0/count",
		"/facts/owners/demands/0/approvedBy", "/facts/approvals/ageSeconds", "/evidence/owners/status",
		"/settings/owners/requiredFor", "/settings/approvals/maximumAgeSeconds",
	] {
		"owners/not-approved" in failures([drop(path)])
	}
}
