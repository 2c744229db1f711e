package changegate.checks.retirement_test

alone := [put("/facts/approvals/roles/owner/approvedBy", []), put("/facts/approvals/roles/owner/candidates", [])]

test_nobody_left_fires_beside_what_is_missing_then if {
	failures("high", alone) == {"retirement/not-approved", "retirement/nobody-left"}
	outcomes("high", alone)["retirement/nobody-left"] == failed(
		["metadata", "owner"],
		{"role": "owner", "neededCount": 1, "leftCount": 0, "left": []},
	)
}

test_nobody_left_passes_where_enough_have_or_could if {
	outcomes("high", [])["retirement/nobody-left"] == passed
	outcomes("low", alone)["retirement/nobody-left"].outcome == "not-applicable"
}

test_nobody_left_waits_for_reviews if {
	found := outcomes("high", array.concat(alone, [put("/evidence/approvals", {"status": "unavailable", "reason": "why"})]))
	found["retirement/nobody-left"].outcome == "not-applicable"
}

test_nobody_left_leaves_an_empty_role_to_others if {
	outcomes("high", [drop("/facts/approvals/roles/owner")])["retirement/nobody-left"].outcome == "not-applicable"
}

test_nobody_left_missing_facts_fail if {
	every path in ["/evidence/approvals/status", "/settings/retirement/required/high"] {
		"retirement/nobody-left" in failures("high", [drop(path)])
	}
}
