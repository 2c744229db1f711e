package changegate.checks.fairness_test

test_stale_fires_alone if {
	old := [fact("/reports/0/ageSeconds", 20000000)]
	failures("high", old) == {"fairness/stale"}
	details := {"ageSeconds": 20000000, "maximumSeconds": 15552000}
	outcomes("high", old)["fairness/stale"] == failed(at(["evaluatedAt"]), details)
	failures("medium", old) == set()
}

test_stale_passes_at_the_limit if {
	outcomes("high", [fact("/reports/0/ageSeconds", 15552000)])["fairness/stale"] == passed
}

test_stale_missing_age_and_setting_fail if {
	failures("high", [drop("/facts/fairness/reports/0/ageSeconds")]) == {"fairness/stale"}
	failures("high", [drop("/settings/fairness/maximumAgeSeconds/high")]) == {"fairness/stale"}
}
