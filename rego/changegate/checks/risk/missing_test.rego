package changegate.checks.risk_test

test_missing_fires_alone if {
	unstated := [put("/facts/risk/unstated", ["personalData", "regulated"])]
	failures(unstated) == {"risk/missing"}
	outcomes(unstated)["risk/missing"] == failed(["spec", "risk"], {"unstated": ["personalData", "regulated"]})
}

test_missing_passes_where_all_is_stated if outcomes([])["risk/missing"] == passed

test_missing_missing_facts_fail if {
	outcomes([drop("/facts/risk/unstated")])["risk/missing"] == failed(["spec", "risk"], {})
	outcomes([drop("/facts/risk")])["risk/missing"] == failed(["spec", "risk"], {})
}
