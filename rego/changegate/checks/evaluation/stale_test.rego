package changegate.checks.evaluation_test

test_stale_fires_alone_for_the_report if {
	changed := [fact(["ages", 0, "ageSeconds"], 2500)]
	failures("high", changed) == {"evaluation/stale"}
	outcomes("high", changed)["evaluation/stale"] == failed_at(
		["evaluatedAt"],
		{"subject": "evaluation", "ageSeconds": 2500, "maximumSeconds": 2000},
	)
	failures("medium", changed) == set()
}

test_stale_fires_alone_for_its_data if {
	changed := [fact(["ages", 1, "ageSeconds"], 7500)]
	failures("high", changed) == {"evaluation/stale"}
	outcomes("high", changed)["evaluation/stale"] == failed_at(
		["dataset", "collectedAt"],
		{"subject": "evaluation's data", "ageSeconds": 7500, "maximumSeconds": 7000},
	)
}

test_stale_passes_at_the_limit if failures("high", [fact(["ages", 0, "ageSeconds"], 2000)]) == set()

test_stale_missing_age_fails if {
	outcomes("high", [no_fact(["ages", 1, "ageSeconds"])])["evaluation/stale"] == failed_at(
		["dataset", "collectedAt"],
		{"subject": "evaluation's data", "ageSeconds": "an unknown time", "maximumSeconds": 7000},
	)
	every path in [["ages"], ["ages", 0, "of"]] {
		"evaluation/stale" in failures("high", [no_fact(path)])
	}
	"evaluation/stale" in failures("high", [fact(["ages"], [])])
	"evaluation/stale" in failures("high", [drop("/settings/evaluation/maximumAgeSeconds/high")])
}
