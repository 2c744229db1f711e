package changegate.checks.approvals_test

test_stale_fires_alone if {
	stale := [put("/facts/approvals/staleBy", ["chidi"]), put("/facts/approvals/staleBecause", ["the change has another a.yaml"])]
	failures("high", stale) == {"approvals/stale"}
	outcomes("high", stale)["approvals/stale"] == failed({"staleBy": ["chidi"], "because": ["the change has another a.yaml"]})
}

test_stale_passes_where_all_are_of_the_head if outcomes("high", [])["approvals/stale"] == passed

test_stale_missing_facts_fail if {
	failures("high", [drop("/facts/approvals/staleBy")]) == {"approvals/stale"}
	outcomes("high", [drop("/facts/approvals/staleBy")])["approvals/stale"] == failed({})
}
