package changegate.checks.rollout_test

test_rollback_not_automatic_fires_alone if {
	by_hand := [put("/facts/rollout/rollback/automatic", false)]
	failures("high", by_hand) == {"rollout/rollback-not-automatic"}
	outcomes("high", by_hand)["rollout/rollback-not-automatic"] == failed(["spec", "rollout", "rollback", "automatic"], {})
	failures("medium", by_hand) == set()
}

test_rollback_not_automatic_missing_fact_fails if {
	failures("high", [drop("/facts/rollout/rollback/automatic")]) == {"rollout/rollback-not-automatic"}
}

test_rollback_not_automatic_passes_where_it_is if outcomes("high", [])["rollout/rollback-not-automatic"] == passed
