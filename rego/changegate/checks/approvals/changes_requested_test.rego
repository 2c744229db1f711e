package changegate.checks.approvals_test

test_changes_requested_fires_alone if {
	asked := [put("/facts/approvals/changesRequestedBy", ["chidi"])]
	failures("high", asked) == {"approvals/changes-requested"}
	outcomes("high", asked)["approvals/changes-requested"] == failed({"requestedBy": ["chidi"]})
}

test_changes_requested_passes_where_nobody_asks if outcomes("high", [])["approvals/changes-requested"] == passed

test_changes_requested_missing_facts_fail if {
	failures("high", [drop("/facts/approvals/changesRequestedBy")]) == {"approvals/changes-requested"}
}
