package changegate.checks.approvals_test

one_short := [put("/facts/approvals/roles/owner/approvedBy", ["ana"]), put("/facts/approvals/roles/owner/candidates", ["bo", "chidi"])]

test_missing_fires_alone if {
	failures("high", one_short) == {"approvals/missing"}
	outcomes("high", one_short)["approvals/missing"] == failed({
		"role": "owner", "neededCount": 2, "approvedBy": ["ana"], "candidates": ["bo", "chidi"],
	})
}

test_missing_fires_for_each_role if {
	none := array.concat(one_short, [
		put("/facts/approvals/roles/model-risk/approvedBy", []),
		put("/facts/approvals/roles/model-risk/candidates", []),
	])
	outcomes("critical", none)["approvals/missing"] == {"outcome": "failed", "violations": {
		finding({"role": "owner", "neededCount": 2, "approvedBy": ["ana"], "candidates": ["bo", "chidi"]}),
		finding({"role": "model-risk", "neededCount": 1, "approvedBy": [], "candidates": []}),
	}}
}

test_missing_passes_with_as_many_as_are_needed if {
	outcomes("high", [])["approvals/missing"] == passed
	outcomes("high", [put("/facts/approvals/roles/owner/approvedBy", ["ana", "bo", "chidi"])])["approvals/missing"] == passed
}

test_missing_missing_facts_fail if {
	every path in [
		"/evidence/approvals/status", "/facts/approvals/roles", "/facts/approvals/roles/owner",
		"/facts/approvals/roles/owner/approvedBy", "/settings/approvals/required/high/0/count", "/settings/approvals/required/high/0/role",
	] {
		"approvals/missing" in failures("high", [drop(path)])
	}
}

taken_over := [put("/facts/approvals/formerOwners", ["payments-ml"]), {
	"op": "add",
	"path": "/facts/approvals/roles/payments-ml",
	"value": {"members": ["kim", "lee", "mo"], "approvedBy": ["kim"], "candidates": ["lee", "mo"], "staleBy": []},
}]

test_missing_fires_where_the_former_owner_has_not_approved if {
	failures("high", taken_over) == {"approvals/missing"}
	outcomes("high", taken_over)["approvals/missing"] == failed({
		"role": "payments-ml", "neededCount": 2, "approvedBy": ["kim"], "candidates": ["lee", "mo"],
	})
}

test_missing_passes_where_both_owners_have_approved if {
	both := array.concat(taken_over, [put("/facts/approvals/roles/payments-ml/approvedBy", ["kim", "lee"])])
	failures("high", both) == set()
	{outcome.outcome | some outcome in outcomes("low", taken_over)} == {"not-applicable"}
}

test_missing_former_owners_fail if "approvals/missing" in failures("high", [drop("/facts/approvals/formerOwners")])

unclear_approval(by) := array.concat(one_short, [
	put("/facts/approvals/roles/owner/unclearBy", by),
	put("/facts/approvals/unclearBecause", "the commit is not in this clone"),
])

test_missing_is_unknown_where_an_approval_cannot_be_compared if {
	outcomes("high", unclear_approval(["bo"]))["approvals/missing"] == {"outcome": "unknown", "reason": "the commit is not in this clone"}
	outcomes("high", unclear_approval([]))["approvals/missing"].outcome == "failed"
}

# Where nobody may stand for two roles, facts say who stands for which.
apart(distinct) := [
	put("/settings/approvals/onePersonPerRole/critical", true),
	{"op": "add", "path": "/facts/approvals/distinct", "value": {"release": {"critical": distinct}}},
]

test_missing_counts_one_person_for_one_role_where_that_is_asked if {
	outcomes("critical", apart([["ana", "bo"], ["femi"]]))["approvals/missing"] == passed
	outcomes("critical", apart([["ana", "bo"], []]))["approvals/missing"] == failed({
		"role": "model-risk", "neededCount": 1, "approvedBy": [], "candidates": ["gus"],
	})
}

test_missing_needs_to_know_whether_that_is_asked if {
	"approvals/missing" in failures("critical", [drop("/settings/approvals/onePersonPerRole/critical")])
	"approvals/missing" in failures("critical", [put("/settings/approvals/onePersonPerRole/critical", true)])
}
