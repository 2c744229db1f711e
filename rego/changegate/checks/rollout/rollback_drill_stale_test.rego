package changegate.checks.rollout_test

test_rollback_drill_stale_fires_alone if {
	old := [put("/facts/rollout/drill/ageSeconds", 7776001)]
	failures("high", old) == {"rollout/rollback-drill-stale"}
	outcomes("high", old)["rollout/rollback-drill-stale"] == failed_at(
		["performedAt"],
		{"ageSeconds": 7776001, "maximumSeconds": 7776000},
	)
}

test_rollback_drill_stale_fires_in_the_manifest_where_it_was_handed_in if {
	old := [put("/facts/rollout/drill/ageSeconds", 7776001), drop("/evidence/rollout/drill/at")]
	outcomes("high", old)["rollout/rollback-drill-stale"] == failed(drill, {"ageSeconds": 7776001, "maximumSeconds": 7776000})
}

test_rollback_drill_stale_missing_age_fails if failures("high", [drop("/facts/rollout/drill/ageSeconds")]) == {"rollout/rollback-drill-stale"}

test_rollback_drill_stale_passes_at_the_limit if failures("high", [put("/facts/rollout/drill/ageSeconds", 7776000)]) == set()
