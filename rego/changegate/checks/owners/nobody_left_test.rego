package changegate.checks.owners_test

alone := [put("/facts/owners/demands/0/approvedBy", ["ana"]), put("/facts/owners/demands/0/candidates", [])]

test_nobody_left_fires_beside_what_is_missing_then if {
	failures(alone) == {"owners/not-approved", "owners/nobody-left"}
	outcomes(alone)["owners/nobody-left"] == {"outcome": "failed", "violations": {beside_line(manifest, {
		"owners": ["@acme/payments"], "neededCount": 2, "files": [manifest.file], "left": ["ana"], "leftCount": 1,
	})}}
}

test_nobody_left_passes_where_enough_have_or_could if {
	outcomes([])["owners/nobody-left"] == passed
	outcomes([put("/facts/owners/demands/0/approvedBy", ["ana"])])["owners/nobody-left"] == passed
}

test_nobody_left_waits_for_what_is_unknown if {
	found := states([put("/evidence/owners", {"status": "unavailable", "reason": "why"})])
	found["owners/nobody-left"] == "not-applicable"
	unnamed := array.concat(alone, [put("/facts/owners/demands/0/unknownBecause", ["who is @acme/x?"])])
	states(unnamed)["owners/nobody-left"] == "not-applicable"
}

test_nobody_left_missing_facts_fail if {
	every path in [
		"/facts/owners/checked", "/facts/owners/demands", "/facts/owners/demands/0/count", "/evidence/owners/status",
		"/settings/owners/requiredFor",
	] {
		"owners/nobody-left" in failures([drop(path)])
	}
}
