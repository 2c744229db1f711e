package changegate.checks.rollout_test

test_rollback_target_missing_fires_alone if {
	absent := array.concat(no_rollback, [put("/evidence/rollout/drill", {"status": "absent", "reason": "none"})])
	failures("high", absent) == {"rollout/rollback-target-missing"}
	outcomes("high", absent)["rollout/rollback-target-missing"] == failed(["spec", "rollout", "rollback", "to"], {})
}

test_rollback_target_missing_fires_on_an_empty_one if {
	empty := [put("/release/spec/rollout/rollback/to", ""), put("/facts/rollout/rollback/to", "")]
	failures("high", empty) == {"rollout/rollback-target-missing"}
}

test_rollback_target_missing_passes_what_is_named if outcomes("high", [])["rollout/rollback-target-missing"] == passed

test_rollback_target_missing_missing_release_fails if {
	"rollout/rollback-target-missing" in failures("high", [drop("/release/spec/rollout/rollback/to")])
	"rollout/rollback-target-missing" in failures("high", [drop("/release")])
}
