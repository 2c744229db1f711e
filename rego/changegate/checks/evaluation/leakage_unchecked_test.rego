package changegate.checks.evaluation_test

test_leakage_unchecked_fires_alone if {
	changed := [fact(["reports", 0, "leakage"], "unchecked")]
	failures("high", changed) == {"evaluation/leakage-unchecked"}
	outcomes("high", changed)["evaluation/leakage-unchecked"] == failed_at(["checks", "leakage"], {})
}

test_leakage_unchecked_passes_where_nobody_has_to_look if {
	failures("medium", [fact(["reports", 0, "leakage"], "unchecked")]) == set()
}

test_leakage_unchecked_missing_keys if {
	every path in [["reports"], ["reports", 0, "leakage"]] {
		"evaluation/leakage-unchecked" in failures("high", [no_fact(path)])
	}
}
