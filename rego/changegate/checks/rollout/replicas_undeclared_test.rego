package changegate.checks.rollout_test

test_replicas_undeclared_fires_where_pods_share_and_nobody_counts_them if {
	outcomes("high", unshared)["rollout/replicas-undeclared"] == failed(["spec", "serving", "replicas"], {})
}

test_replicas_undeclared_passes_where_they_are_counted if {
	outcomes("high", [put("/facts/rollout/shares", "pods")])["rollout/replicas-undeclared"] == passed
}

test_replicas_undeclared_missing_ground_of_the_shares_fails if {
	outcomes("high", [drop("/facts/rollout/shares")])["rollout/replicas-undeclared"].outcome == "failed"
}

test_replicas_are_not_asked_for_where_a_router_splits_or_all_moves_at_once if {
	outcomes("high", [])["rollout/replicas-undeclared"].outcome == "not-applicable"
	at_once := array.concat(unshared, [put("/facts/rollout/gradual", false)])
	outcomes("high", at_once)["rollout/replicas-undeclared"].outcome == "not-applicable"
}
