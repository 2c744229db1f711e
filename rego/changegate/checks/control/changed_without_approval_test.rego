package changegate.checks.control_test

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

test_changed_without_approval_is_unknown_where_an_approval_cannot_be_compared if {
	unclear := {"members": ["eve", "hana"], "approvedBy": [], "candidates": ["eve", "hana"], "unclearBy": ["eve"]}
	found := outcomes([put("/facts/approvals/roles/platform", unclear), {"op": "add", "path": "/facts/approvals/unclearBecause", "value": "why"}])
	found["control/changed-without-approval"] == {"outcome": "unknown", "reason": "why"}
}
