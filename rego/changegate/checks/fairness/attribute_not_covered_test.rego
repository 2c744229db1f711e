package changegate.checks.fairness_test

test_attribute_not_covered_fires_alone if {
	alone := [fact("/coverage/0/groupsCount", 1)]
	failures("high", alone) == {"fairness/attribute-not-covered"}
	found := outcomes("high", alone)["fairness/attribute-not-covered"]
	found == failed({"path": ["spec", "fairness", "protectedAttributes", 0]}, {"attribute": "sex"})
}

test_attribute_not_covered_passes_with_two_groups if outcomes("high", [])["fairness/attribute-not-covered"] == passed

test_attribute_not_covered_missing_coverage_fails if {
	failures("high", [drop("/facts/fairness/coverage/0/groupsCount")]) == {"fairness/attribute-not-covered"}
	failures("high", [fact("/coverage", [])]) == {"fairness/attribute-not-covered"}
}
