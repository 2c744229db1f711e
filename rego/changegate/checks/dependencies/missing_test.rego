package changegate.checks.dependencies_test

test_missing_fires_alone if {
	failures([list("missing", {})]) == {"dependencies/missing"}
	details := {"dependant": "production/a", "wanted": "production/b"}
	outcomes([list("missing", {})])["dependencies/missing"] == failed(details)
}

test_missing_passes_what_is_there if outcomes([])["dependencies/missing"] == passed

test_missing_missing_facts_fail if {
	outcomes([drop("/facts/dependencies/missing")])["dependencies/missing"] == undetermined
	every key in ["at", "dependant", "wanted"] {
		path := concat("", ["/facts/dependencies/missing/0/", key])
		failures([list("missing", {}), drop(path)]) == {"dependencies/missing"}
	}
}
