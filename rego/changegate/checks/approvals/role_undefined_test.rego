package changegate.checks.approvals_test

import data.changegate.lib_test

test_role_undefined_fires_beside_what_nobody_can_approve if {
	without := [drop("/facts/approvals/roles/model-risk")]
	failures("critical", without) == {"approvals/role-undefined", "approvals/missing"}
	outcomes("critical", without)["approvals/role-undefined"] == lib_test.seen_with(failed({"role": "model-risk"}), teams)
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
