package changegate.checks.approvals_test

good := {
	"subject": {"kind": "release"},
	"change": {"operation": "update"},
	"previous": {"status": "present", "how": "identity"},
	"evidence": {"approvals": {"status": "present"}, "evaluation": {"comparison": {"status": "present"}}},
	"facts": {
		"risk": {"intendedUse": {"changed": false}},
		"evaluation": {"comparison": {
			"dropped": [],
			"metrics": [{"name": "recall", "label": "recall", "place": {"path": ["spec", "evaluation"]}, "sameDirection": true, "regressionRatio": 0.01}],
		}},
		"approvals": {
			"changesRequestedBy": [],
			"formerOwners": [],
			"plan": {"status": "absent"},
			"staleBy": [],
			"staleBecause": [],
			"carried": [],
			"mergesOfBase": [],
			"unclearBecause": "",
			"ageSeconds": {"ana": 60, "bo": 60, "chidi": 60, "femi": 100, "kim": 60, "lee": 60},
			"undated": [],
			"roles": {
				"owner": {"members": ["ana", "bo", "chidi"], "approvedBy": ["ana", "bo"], "candidates": ["chidi"], "staleBy": [], "unclearBy": []},
				"model-risk": {"members": ["femi", "gus"], "approvedBy": ["femi"], "candidates": ["gus"], "staleBy": [], "unclearBy": []},
			},
		},
		"control": {"checked": true, "changed": [{"file": "CODEOWNERS"}]},
	},
	"settings": {
		"approvals": {
			"required": {
				"low": [],
				"high": [{"role": "owner", "count": 2}],
				"critical": [{"role": "owner", "count": 2}, {"role": "model-risk", "count": 1}],
			},
			"agreedPlans": [],
			"onePersonPerRole": {"low": false, "high": false, "critical": false},
			"maximumAgeSeconds": {"low": 100, "high": 100, "critical": 100},
		},
		"retirement": {"required": {"low": [], "high": [{"role": "owner", "count": 1}]}},
		"control": {"required": [{"role": "platform", "count": 1}]},
	},
}

outcomes(tier, patches) := result if {
	result := data.changegate.checks.approvals.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

teams := [{"message": "the teams and roles", "at": {"file": ".changegate/teams.yaml", "revision": "base", "path": []}}]

failed(details) := {"outcome": "failed", "violations": {finding(details)}}

finding(details) := {"path": ["metadata", "owner"], "details": details}

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

rules := {
	"approvals/missing", "approvals/invalid", "approvals/stale", "approvals/changes-requested",
	"approvals/role-undefined", "approvals/no-second-approver", "approvals/nobody-left", "approvals/too-old",
}

of_plans := "approvals/outside-plan"

test_good_passes_every_rule if {
	object.remove(outcomes("critical", []), [of_plans]) == {id: passed | some id in rules}
	outcomes("critical", [])[of_plans] == {"outcome": "not-applicable", "reason": "no change plan is agreed to"}
}

test_nobody_has_to_approve_the_low_tier if {
	{outcome.outcome | some outcome in outcomes("low", [drop("/facts"), drop("/evidence")])} == {"not-applicable"}
}

test_nobody_has_to_approve_what_did_not_change if {
	{outcome.outcome | some outcome in outcomes("critical", [put("/change/operation", "unchanged")])} == {"not-applicable"}
}

test_no_input_passes_nothing if {
	found := data.changegate.checks.approvals.outcome with input as {}
	{id | some id, outcome in found; outcome.outcome == "failed"} == rules | {of_plans}
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
		"approvals/missing", "approvals/invalid", "approvals/stale", "approvals/changes-requested", "approvals/too-old",
	}
}

demands(tier, patches) := result if {
	result := data.changegate.checks.approvals.demands with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

test_demands_of_a_change_set_are_others_where_the_glass_is_broken_and_nothing_else if {
	of_change_set := [put("/subject/kind", "change-set"), {"op": "add", "path": "/settings/control/requiredForBreakGlass", "value": [{"role": "on-call", "count": 1}]}]
	alone := {"op": "add", "path": "/facts/control/breakGlass", "value": {"alone": true}}
	beside := {"op": "add", "path": "/facts/control/breakGlass", "value": {"alone": false}}
	demands("high", array.concat(of_change_set, [alone])) == [{"role": "on-call", "count": 1}]
	demands("high", array.concat(of_change_set, [beside])) == [{"role": "platform", "count": 1}]
	demands("high", of_change_set) == [{"role": "platform", "count": 1}]
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
	result := data.changegate.checks.approvals.required with input as json.patch(good, patches) with data.changegate.risk.tier as tier
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
