package changegate.checks.approvals_test

alone := [put("/facts/approvals/roles/owner/approvedBy", ["ana"]), put("/facts/approvals/roles/owner/candidates", [])]

test_nobody_left_fires_where_too_few_could_approve if {
	failures("high", alone) == {"approvals/missing", "approvals/nobody-left"}
	outcomes("high", alone)["approvals/nobody-left"] == {"outcome": "failed", "violations": {object.union(
		finding({"role": "owner", "neededCount": 2, "leftCount": 1, "left": ["ana"]}),
		{"related": teams},
	)}}
}

test_nobody_left_passes_where_enough_have_or_could if {
	outcomes("high", [])["approvals/nobody-left"] == passed
	outcomes("high", one_short)["approvals/nobody-left"] == passed
}

test_nobody_left_asks_again_whose_approval_is_too_old if {
	old := [put("/facts/approvals/ageSeconds/ana", 101), put("/facts/approvals/roles/owner/candidates", [])]
	failures("high", old) == {"approvals/missing", "approvals/too-old"}
	outcomes("high", old)["approvals/nobody-left"] == passed
}

test_nobody_left_waits_for_reviews if {
	every status in ["unavailable", "invalid"] {
		found := outcomes("high", array.concat(alone, [put("/evidence/approvals", {"status": status, "reason": "why"})]))
		found["approvals/nobody-left"].outcome == "not-applicable"
	}
}

test_nobody_left_leaves_an_empty_role_to_its_rule if {
	empty := [drop("/facts/approvals/roles/owner")]
	outcomes("high", empty)["approvals/nobody-left"].outcome == "not-applicable"
}

test_nobody_left_missing_facts_fail if {
	"approvals/nobody-left" in failures("high", [drop("/facts/approvals")])
	"approvals/nobody-left" in failures("high", [drop("/evidence/approvals/status")])
}
