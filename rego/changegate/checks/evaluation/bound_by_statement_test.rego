package changegate.checks.evaluation_test

test_bound_by_statement_fires_alone if {
	stated := [fact(["reports", 0, "boundBy"], "statement")]
	failures("high", stated) == {"evaluation/bound-by-statement"}
	found := outcomes("high", stated)["evaluation/bound-by-statement"]
	found == failed_at(["model"], {"file": report.file, "allowedBindings": ["report", "signature"]})
}

test_bound_by_statement_passes_below_the_tier if failures("medium", [fact(["reports", 0, "boundBy"], "statement")]) == set()

test_bound_by_statement_passes_where_the_report_says_it if {
	outcomes("high", [])["evaluation/bound-by-statement"] == passed
}

test_bound_by_statement_leaves_what_nobody_says_to_another_rule if {
	outcomes("high", [fact(["reports", 0, "boundBy"], "nothing")])["evaluation/bound-by-statement"] == passed
}

test_bound_by_statement_missing_facts_fail if {
	failures("high", [no_fact(["reports", 0, "boundBy"])]) == {"evaluation/bound-by-statement"}
	"evaluation/bound-by-statement" in failures("high", [drop(["settings", "evaluation", "allowedBindings"])])
}
