package changegate.checks.approvals_test

import data.changegate.lib_test

test_no_second_approver_fires_alone if {
	thin := [put("/facts/approvals/roles/model-risk/members", ["femi"])]
	failures("critical", thin) == {"approvals/no-second-approver"}
	outcomes("critical", thin)["approvals/no-second-approver"] == lib_test.seen_with(failed({"role": "model-risk", "neededCount": 1}), teams)
}

test_no_second_approver_passes_with_one_more if outcomes("critical", [])["approvals/no-second-approver"] == passed

test_no_second_approver_missing_facts_do_not_pass if {
	"approvals/no-second-approver" in failures("high", [drop("/settings/approvals/required/high/0/count")])
	outcomes("high", [drop("/facts/approvals/roles/owner/members")])["approvals/no-second-approver"].outcome == "not-applicable"
	"approvals/role-undefined" in failures("high", [drop("/facts/approvals/roles/owner/members")])
}
