package changegate.checks.approvals_test

import data.changegate.checks.approvals

good := {
	"subject": {"kind": "release"},
	"change": {"operation": "update"},
	"evidence": {"approvals": {"status": "present"}},
	"facts": {
		"approvals": {
			"changesRequestedBy": [],
			"formerOwners": [],
			"staleBy": [],
			"roles": {
				"owner": {"members": ["ana", "bo", "chidi"], "approvedBy": ["ana", "bo"], "candidates": ["chidi"], "staleBy": []},
				"model-risk": {"members": ["femi", "gus"], "approvedBy": ["femi"], "candidates": ["gus"], "staleBy": []},
			},
		},
		"control": {"checked": true, "changed": [{"file": "CODEOWNERS"}]},
	},
	"settings": {
		"approvals": {"required": {
			"low": [],
			"high": [{"role": "owner", "count": 2}],
			"critical": [{"role": "owner", "count": 2}, {"role": "model-risk", "count": 1}],
		}},
		"retirement": {"required": {"low": [], "high": [{"role": "owner", "count": 1}]}},
		"control": {"required": [{"role": "platform", "count": 1}]},
	},
}

outcomes(tier, patches) := result if {
	result := approvals.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(details) := {"outcome": "failed", "violations": {violation(details)}}

violation(details) := {"path": ["metadata", "owner"], "details": details}

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

rules := {
	"approvals/missing", "approvals/invalid", "approvals/stale", "approvals/changes-requested",
	"approvals/role-undefined", "approvals/no-second-approver",
}

test_good_passes_every_rule if outcomes("critical", []) == {id: passed | some id in rules}

test_nobody_has_to_approve_the_low_tier if {
	{outcome.outcome | some outcome in outcomes("low", [drop("/facts"), drop("/evidence")])} == {"not-applicable"}
}

test_nobody_has_to_approve_what_did_not_change if {
	{outcome.outcome | some outcome in outcomes("critical", [put("/change/operation", "unchanged")])} == {"not-applicable"}
}

test_no_input_passes_nothing if {
	found := approvals.outcome with input as {}
	{id | some id, outcome in found; outcome.outcome == "failed"} == rules
}

# What is left does not read the thing that is gone.
test_no_facts_evidence_or_settings_pass_nothing_that_reads_them if {
	failures("critical", [drop("/facts/approvals")]) == rules
	failures("critical", [drop("/evidence")]) == rules - {"approvals/role-undefined", "approvals/no-second-approver"}
	failures("critical", [drop("/settings")]) == rules
	failures("critical", [drop("/settings/approvals/required/critical")]) == rules
	failures("none", []) == rules
}

test_unavailable_approvals_are_unknown if {
	found := outcomes("high", [put("/evidence/approvals", {"status": "unavailable", "reason": "why"})])
	{id | some id, outcome in found; outcome == {"outcome": "unknown", "reason": "why"}} == {
		"approvals/missing", "approvals/invalid", "approvals/stale", "approvals/changes-requested",
	}
}

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
		violation({"role": "owner", "neededCount": 2, "approvedBy": ["ana"], "candidates": ["bo", "chidi"]}),
		violation({"role": "model-risk", "neededCount": 1, "approvedBy": [], "candidates": []}),
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

not_believed := [put("/evidence/approvals", {"status": "invalid", "reason": "they are of pull request 7"})]

test_invalid_fires_beside_what_is_missing_then if {
	failures("high", not_believed) == {"approvals/invalid", "approvals/missing"}
	outcomes("high", not_believed)["approvals/invalid"] == failed({"reason": "they are of pull request 7"})
}

test_invalid_passes_what_can_be_believed if outcomes("high", [])["approvals/invalid"] == passed

test_invalid_missing_status_fails if {
	"approvals/invalid" in failures("high", [drop("/evidence/approvals/status")])
	outcomes("high", [put("/evidence/approvals", {"status": "absent"})])["approvals/invalid"] == failed({})
}

test_stale_fires_alone if {
	stale := [put("/facts/approvals/staleBy", ["chidi"])]
	failures("high", stale) == {"approvals/stale"}
	outcomes("high", stale)["approvals/stale"] == failed({"staleBy": ["chidi"]})
}

test_stale_passes_where_all_are_of_the_head if outcomes("high", [])["approvals/stale"] == passed

test_stale_missing_facts_fail if {
	failures("high", [drop("/facts/approvals/staleBy")]) == {"approvals/stale"}
	outcomes("high", [drop("/facts/approvals/staleBy")])["approvals/stale"] == failed({})
}

test_changes_requested_fires_alone if {
	asked := [put("/facts/approvals/changesRequestedBy", ["chidi"])]
	failures("high", asked) == {"approvals/changes-requested"}
	outcomes("high", asked)["approvals/changes-requested"] == failed({"requestedBy": ["chidi"]})
}

test_changes_requested_passes_where_nobody_asks if outcomes("high", [])["approvals/changes-requested"] == passed

test_changes_requested_missing_facts_fail if {
	failures("high", [drop("/facts/approvals/changesRequestedBy")]) == {"approvals/changes-requested"}
}

test_role_undefined_fires_beside_what_nobody_can_approve if {
	without := [drop("/facts/approvals/roles/model-risk")]
	failures("critical", without) == {"approvals/role-undefined", "approvals/missing"}
	outcomes("critical", without)["approvals/role-undefined"] == failed({"role": "model-risk"})
	outcomes("critical", without)["approvals/no-second-approver"].outcome == "not-applicable"
	failures("critical", [put("/facts/approvals/roles/model-risk/members", [])]) == {
		"approvals/role-undefined", "approvals/no-second-approver",
	}
}

test_role_undefined_passes_roles_with_people if outcomes("critical", [])["approvals/role-undefined"] == passed

test_role_undefined_missing_facts_fail if {
	"approvals/role-undefined" in failures("high", [drop("/facts/approvals/roles")])
	"approvals/role-undefined" in failures("high", [drop("/facts/approvals/roles/owner/members")])
	"approvals/role-undefined" in failures("high", [drop("/settings/approvals/required/high/0/role")])
}

test_no_second_approver_fires_alone if {
	thin := [put("/facts/approvals/roles/model-risk/members", ["femi"])]
	failures("critical", thin) == {"approvals/no-second-approver"}
	outcomes("critical", thin)["approvals/no-second-approver"] == failed({"role": "model-risk", "neededCount": 1})
}

test_no_second_approver_passes_with_one_more if outcomes("critical", [])["approvals/no-second-approver"] == passed

test_no_second_approver_missing_facts_do_not_pass if {
	"approvals/no-second-approver" in failures("high", [drop("/settings/approvals/required/high/0/count")])
	outcomes("high", [drop("/facts/approvals/roles/owner/members")])["approvals/no-second-approver"].outcome == "not-applicable"
	"approvals/role-undefined" in failures("high", [drop("/facts/approvals/roles/owner/members")])
}

demands(tier, patches) := result if {
	result := approvals.demands with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

test_demands_of_a_retirement_are_its_own if {
	retirement := [put("/subject/kind", "retirement")]
	demands("high", retirement) == [{"role": "owner", "count": 1}]
	demands("low", retirement) == []
}

test_demands_of_a_change_set_follow_its_control_files if {
	change_set := [put("/subject/kind", "change-set")]
	demands("low", change_set) == [{"role": "platform", "count": 1}]
	demands("low", array.concat(change_set, [drop("/facts/control")])) == [{"role": "platform", "count": 1}]
	demands("critical", array.concat(change_set, [put("/facts/control/changed", [])])) == []
}

required(tier, patches) := result if {
	result := approvals.required with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

test_required_tells_who_has_approved_and_who_could if {
	required("critical", []) == [
		{"role": "owner", "count": 2, "approvedBy": ["ana", "bo"], "candidates": ["chidi"]},
		{"role": "model-risk", "count": 1, "approvedBy": ["femi"], "candidates": ["gus"]},
	]
	required("low", []) == []
}

test_required_names_a_role_without_people if {
	required("high", [drop("/facts/approvals/roles/owner")]) == [{"role": "owner", "count": 2, "approvedBy": [], "candidates": []}]
}

test_required_names_a_role_of_which_little_is_known if {
	required("high", [drop("/facts/approvals/roles/owner/candidates")]) == [{"role": "owner", "count": 2, "approvedBy": ["ana", "bo"], "candidates": []}]
	required("high", [drop("/facts/approvals/roles/owner/approvedBy")]) == [{"role": "owner", "count": 2, "approvedBy": [], "candidates": ["chidi"]}]
}
