package changegate.checks.retirement_test

test_not_approved_fires_alone if {
	nobody := [put("/facts/approvals/roles/owner/approvedBy", []), put("/facts/approvals/roles/owner/candidates", ["ana", "bo"])]
	failures("high", nobody) == {"retirement/not-approved"}
	outcomes("high", nobody)["retirement/not-approved"] == failed(
		["metadata", "owner"],
		{"role": "owner", "neededCount": 1, "approvedBy": [], "candidates": ["ana", "bo"]},
	)
}

test_not_approved_passes_with_as_many_as_are_needed if outcomes("high", [])["retirement/not-approved"] == passed

test_not_approved_asks_nobody_at_a_low_tier if {
	outcomes("low", [drop("/facts/approvals")])["retirement/not-approved"].outcome == "not-applicable"
}

test_not_approved_missing_facts_fail if {
	every path in [
		"/evidence/approvals/status", "/facts/approvals", "/facts/approvals/roles/owner", "/facts/approvals/roles/owner/approvedBy",
		"/settings/retirement/required/high", "/settings/retirement/required/high/0/count", "/settings/retirement/required/high/0/role",
	] {
		"retirement/not-approved" in failures("high", [drop(path)])
	}
}

test_not_approved_is_unknown_without_approvals_to_believe if {
	every status in ["unavailable", "invalid"] {
		found := outcomes("high", [put("/evidence/approvals", {"status": status, "reason": "why"})])
		found["retirement/not-approved"] == {"outcome": "unknown", "reason": "why"}
	}
}

test_not_approved_is_unknown_where_an_approval_cannot_be_compared if {
	unclear := {"members": ["ana", "bo"], "approvedBy": [], "candidates": ["ana", "bo"], "unclearBy": ["ana"]}
	found := outcomes("high", [put("/facts/approvals/roles/owner", unclear), {"op": "add", "path": "/facts/approvals/unclearBecause", "value": "why"}])
	found["retirement/not-approved"] == {"outcome": "unknown", "reason": "why"}
}
