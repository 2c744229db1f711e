package changegate.checks.fairness_test

test_bound_by_statement_fires_alone if {
	stated := [fact("/reports/0/boundBy", "statement")]
	failures("high", stated) == {"fairness/bound-by-statement"}
	found := outcomes("high", stated)["fairness/bound-by-statement"]
	found == failed(at(["model"]), {"file": file, "allowedBindings": ["report", "signature"]})
}

test_bound_by_statement_passes_below_the_tier if failures("medium", [fact("/reports/0/boundBy", "statement")]) == set()

test_bound_by_statement_passes_where_the_report_says_it if outcomes("high", [])["fairness/bound-by-statement"] == passed

test_bound_by_statement_leaves_what_nobody_says_to_another_rule if {
	outcomes("high", [fact("/reports/0/boundBy", "nothing")])["fairness/bound-by-statement"] == passed
}

test_bound_by_statement_missing_facts_fail if {
	failures("high", [drop("/facts/fairness/reports/0/boundBy")]) == {"fairness/bound-by-statement"}
	"fairness/bound-by-statement" in failures("high", [drop("/settings/fairness/allowedBindings")])
}
