package changegate.checks.claims_test

test_deployment_unread_fires_at_the_entry if {
	outcomes("high", [put("/facts/claims/deployments", [deployment("found"), deployment("unread")])])["claims/deployment-unread"] == failed(
		["a"],
		{"kind": "Deployment", "name": "fraud", "reason": "why"},
	)
}

test_deployment_unread_passes_what_is_there if outcomes("high", [put("/facts/claims/deployments", [deployment("found")])])["claims/deployment-unread"] == passed

test_deployment_unread_missing_facts_fail if {
	outcomes("high", [drop("/facts/claims/deployments")])["claims/deployment-unread"].outcome == "failed"
	statusless := [object.remove(deployment("found"), ["status"])]
	outcomes("high", [put("/facts/claims/deployments", statusless)])["claims/deployment-unread"].outcome == "failed"
}

test_deployment_unread_is_not_asked_where_nothing_is_deployed if {
	outcomes("high", [put("/facts/claims/deployments", [])])["claims/deployment-unread"].outcome == "not-applicable"
}
