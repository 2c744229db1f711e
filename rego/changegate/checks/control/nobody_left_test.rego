package changegate.checks.control_test

alone := [put("/facts/approvals/roles/platform", {"members": ["eve", "mira"], "approvedBy": [], "candidates": []})]

test_nobody_left_fires_beside_what_is_missing_then if {
	failures(alone) == {"control/changed-without-approval", "control/nobody-left"}
	outcomes(alone)["control/nobody-left"] == failed(at, {
		"file": ".changegate/teams.yaml", "role": "platform", "neededCount": 1, "leftCount": 0, "left": [],
	})
}

test_nobody_left_passes_where_enough_have_or_could if {
	outcomes([])["control/nobody-left"] == passed
	outcomes([unchanged])["control/nobody-left"].outcome == "not-applicable"
}

test_nobody_left_waits_for_reviews if {
	found := outcomes(array.concat(alone, [put("/evidence/approvals", {"status": "unavailable", "reason": "why"})]))
	found["control/nobody-left"].outcome == "not-applicable"
}

test_nobody_left_leaves_an_empty_role_to_others if {
	outcomes([drop("/facts/approvals/roles/platform")])["control/nobody-left"].outcome == "not-applicable"
}

test_nobody_left_missing_facts_fail if {
	every path in ["/facts/control/checked", "/evidence/approvals/status", "/settings/control/required"] {
		"control/nobody-left" in failures([drop(path)])
	}
}
