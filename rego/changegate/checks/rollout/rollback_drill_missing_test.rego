package changegate.checks.rollout_test

test_rollback_drill_missing_fires_alone if {
	absent := [put("/evidence/rollout/drill", {"status": "absent", "reason": "none is named"}), drop("/facts/rollout/drill")]
	failures("high", absent) == {"rollout/rollback-drill-missing"}
	outcomes("high", absent)["rollout/rollback-drill-missing"] == failed(drill, {"reason": "none is named"})
}

test_rollback_drill_missing_passes_with_a_report if outcomes("high", [])["rollout/rollback-drill-missing"] == passed

test_rollback_drill_missing_fires_in_its_file if {
	invalid := [put("/evidence/rollout/drill/status", "invalid"), add("/evidence/rollout/drill/reason", "not JSON"), drop("/facts/rollout/drill")]
	failures("high", invalid) == {"rollout/rollback-drill-missing"}
	outcomes("high", invalid)["rollout/rollback-drill-missing"] == failed_at([], {"reason": "not JSON"})
}

test_rollback_drill_missing_missing_status_fails if {
	failures("high", [drop("/evidence/rollout/drill"), drop("/facts/rollout/drill")]) == {
		"rollout/rollback-drill-missing", "rollout/rollback-drill-stale", "rollout/rollback-drill-failed",
	}
}
