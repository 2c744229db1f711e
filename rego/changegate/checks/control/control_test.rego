package changegate.checks.control_test

import data.changegate.checks.control

at := {"file": ".changegate/teams.yaml", "revision": "head"}

good := {
	"subject": {"kind": "change-set"},
	"change": {"operation": "none"},
	"evidence": {"approvals": {"status": "present"}},
	"facts": {
		"control": {
			"checked": true,
			"changed": [{
				"file": ".changegate/teams.yaml",
				"oldFile": ".changegate/teams.yaml",
				"kind": "teams",
				"operation": "modified",
				"at": at,
			}],
			"invalid": [],
		},
		"approvals": {"roles": {
			"platform": {"members": ["eve", "hana"], "approvedBy": ["eve"], "candidates": ["hana"]},
			"model-risk": {"members": ["femi"], "approvedBy": ["femi"], "candidates": []},
		}},
	},
	"settings": {"control": {"required": [{"role": "platform", "count": 1}, {"role": "model-risk", "count": 1}]}},
}

outcomes(patches) := result if {
	result := control.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as "critical"
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(place, details) := {"outcome": "failed", "violations": {{"at": place, "details": details}}}

undetermined := failed({"file": ".changegate"}, {})

removed := failed({"file": ".changegate/config.yaml", "revision": "base"}, {})

failures(patches) := {id | some id, outcome in outcomes(patches); outcome.outcome == "failed"}

rules := {"control/changed-without-approval", "control/configuration-removed", "control/invalid"}

unchanged := put("/facts/control/changed", [])

test_good_passes_every_rule if outcomes([]) == {id: passed | some id in rules}

test_no_facts_pass_nothing if {
	every patches in [[drop("/facts")], [drop("/facts/control")]] {
		outcomes(patches) == {
			"control/changed-without-approval": undetermined,
			"control/configuration-removed": removed,
			"control/invalid": undetermined,
		}
	}
	failures([drop("/facts/control/checked")]) == rules
}

test_nothing_changed_asks_nobody if {
	found := outcomes([unchanged, drop("/facts/approvals"), drop("/evidence"), drop("/settings")])
	found["control/changed-without-approval"].outcome == "not-applicable"
	found["control/configuration-removed"] == passed
	found["control/invalid"].outcome == "not-applicable"
}

test_changed_without_approval_fires_alone if {
	without := [put("/facts/approvals/roles/platform", {"members": ["eve", "hana"], "approvedBy": [], "candidates": ["eve", "hana"]})]
	failures(without) == {"control/changed-without-approval"}
	outcomes(without)["control/changed-without-approval"] == failed(at, {
		"file": ".changegate/teams.yaml", "kind": "teams", "roles": ["platform"], "candidates": ["eve", "hana"],
	})
}

test_changed_without_approval_fires_for_a_role_without_people if {
	without := [drop("/facts/approvals/roles/platform")]
	outcomes(without)["control/changed-without-approval"] == failed(at, {
		"file": ".changegate/teams.yaml", "kind": "teams", "roles": ["platform"], "candidates": [],
	})
}

test_changed_without_approval_passes_what_is_approved if {
	outcomes([])["control/changed-without-approval"] == passed
	outcomes([unchanged])["control/changed-without-approval"].outcome == "not-applicable"
}

test_changed_without_approval_missing_facts_fail if {
	every path in [
		"/facts/control/changed", "/facts/control/checked", "/facts/approvals", "/facts/approvals/roles/platform/approvedBy",
		"/evidence/approvals/status", "/settings/control/required", "/settings/control/required/0/count",
		"/settings/control/required/0/role", "/subject/kind",
	] {
		"control/changed-without-approval" in failures([drop(path)])
	}
	"control/changed-without-approval" in failures([put("/settings/control/required", [])])
}

test_changed_without_approval_is_unknown_without_approvals_to_believe if {
	every status in ["unavailable", "invalid"] {
		found := outcomes([put("/evidence/approvals", {"status": status, "reason": "why"})])
		found["control/changed-without-approval"] == {"outcome": "unknown", "reason": "why"}
	}
}

configuration(operation) := put("/facts/control/changed/0", {
	"file": ".changegate/config.yaml",
	"oldFile": ".changegate/config.yaml",
	"kind": "settings",
	"operation": operation,
	"at": {"file": ".changegate/config.yaml", "revision": "base"},
})

test_configuration_removed_fires_alone if {
	every operation in ["deleted", "renamed"] {
		failures([configuration(operation)]) == {"control/configuration-removed"}
		outcomes([configuration(operation)])["control/configuration-removed"] == removed
	}
}

test_configuration_removed_passes_where_it_stays if {
	every operation in ["added", "modified", "type-changed"] {
		outcomes([configuration(operation)])["control/configuration-removed"] == passed
	}
	outcomes([put("/facts/control/changed/0/operation", "deleted")])["control/configuration-removed"] == passed
}

test_configuration_removed_missing_facts_fail if {
	outcomes([drop("/facts/control/changed")])["control/configuration-removed"] == removed
	outcomes([configuration("modified"), drop("/facts/control/changed/0/operation")])["control/configuration-removed"] == removed
	nameless := [configuration("deleted"), drop("/facts/control/changed/0/oldFile")]
	outcomes(nameless)["control/configuration-removed"] == removed
}

fault := {"message": "`memberz` is not a field", "hint": "Write `members`.", "at": {"file": ".changegate/teams.yaml", "line": 4}}

test_invalid_fires_alone if {
	bad := [put("/facts/control/invalid", [fault])]
	failures(bad) == {"control/invalid"}
	outcomes(bad)["control/invalid"] == failed(fault.at, {"problem": "`memberz` is not a field", "hint": "Write `members`."})
}

test_invalid_passes_what_can_be_read if outcomes([])["control/invalid"] == passed

test_invalid_missing_facts_fail if {
	outcomes([drop("/facts/control/invalid")])["control/invalid"] == undetermined
	outcomes([drop("/facts/control/changed"), drop("/facts/control/invalid")])["control/invalid"] == undetermined
	outcomes([put("/facts/control/invalid", [object.remove(fault, ["hint"])])])["control/invalid"] == undetermined
}
