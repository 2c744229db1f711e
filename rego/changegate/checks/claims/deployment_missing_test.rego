package changegate.checks.claims_test

test_deployment_missing_fires_at_the_entry if {
	outcomes("high", [put("/facts/claims/deployments", [deployment("found"), deployment("absent")])])["claims/deployment-missing"] == failed(
		["a"],
		{"kind": "Deployment", "name": "fraud", "reason": "why"},
	)
}

test_deployment_missing_passes_what_is_there if outcomes("high", [put("/facts/claims/deployments", [deployment("found")])])["claims/deployment-missing"] == passed

test_deployment_missing_missing_facts_fail if {
	outcomes("high", [drop("/facts/claims/deployments")])["claims/deployment-missing"].outcome == "failed"
	statusless := [object.remove(deployment("found"), ["status"])]
	outcomes("high", [put("/facts/claims/deployments", statusless)])["claims/deployment-missing"].outcome == "failed"
}

test_deployment_missing_is_not_asked_where_nothing_is_deployed if {
	outcomes("high", [put("/facts/claims/deployments", [])])["claims/deployment-missing"].outcome == "not-applicable"
}

test_deployment_missing_claims_nothing_of_what_cannot_be_read if {
	outcomes("high", [put("/facts/claims/deployments", [deployment("found"), deployment("unread")])])["claims/deployment-missing"].outcome == "not-applicable"
}
