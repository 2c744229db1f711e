package changegate.checks.operations_test

test_runbook_missing_fires_alone if {
	fires_alone("runbook", "absent")
	fires_alone("runbook", "invalid")
}

test_runbook_missing_passes if outcomes("medium", [])["operations/runbook-missing"] == passed

test_runbook_missing_passes_an_address if {
	address := [said("runbook", "unavailable"), put(concat("/", [facts, "runbook"]), "url")]
	outcomes("high", address)["operations/runbook-missing"] == passed
}

test_runbook_missing_missing_fails if {
	unvouched_fails("runbook")
	failures("high", [drop(concat("/", [facts, "runbook"]))]) == {"operations/runbook-missing"}
	failures("high", [drop(concat("/", [evidence, "runbook"])), put(concat("/", [facts, "runbook"]), "url")]) == {"operations/runbook-missing"}
}

test_runbook_missing_is_unknown_where_a_file_is_unavailable if untold("runbook")

test_runbook_missing_fires_where_it_says_nothing if speechless("runbook", "operations/runbook-missing", ["spec", "operations", "runbook"])
