package changegate.checks.evaluation_test

test_leakage_found_fires_alone if {
	changed := [fact(["reports", 0, "leakage"], "found")]
	failures("medium", changed) == {"evaluation/leakage-found"}
	failures("high", changed) == {"evaluation/leakage-found"}
	outcomes("medium", changed)["evaluation/leakage-found"] == failed_at(["checks", "leakage"], {})
}

test_leakage_found_passes_what_was_not_looked_for if {
	outcomes("high", [fact(["reports", 0, "leakage"], "unchecked")])["evaluation/leakage-found"] == passed
}

test_leakage_found_missing_keys if {
	every path in [["reports"], ["reports", 0, "leakage"]] {
		"evaluation/leakage-found" in failures("medium", [no_fact(path)])
	}
}
