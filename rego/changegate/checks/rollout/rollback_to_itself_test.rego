package changegate.checks.rollout_test

own_target := [put("/facts/rollout/rollback/own", true), put("/facts/rollout/rollback/to", "2.4.0"), put("/release/spec/rollout/rollback/to", "2.4.0")]

test_rollback_to_itself_fires_alone if {
	failures("high", own_target) == {"rollout/rollback-to-itself"}
	outcomes("high", own_target)["rollout/rollback-to-itself"] == failed(["spec", "rollout", "rollback", "to"], {"target": "2.4.0"})
}

test_rollback_to_itself_fires_on_a_first_release if {
	first := array.concat(own_target, [put("/previous", {"status": "absent", "reason": "none"})])
	"rollout/rollback-to-itself" in failures("high", first)
}

test_rollback_to_itself_passes_another_version if outcomes("high", [])["rollout/rollback-to-itself"] == passed

test_rollback_to_itself_missing_fact_fails if "rollout/rollback-to-itself" in failures("high", [drop("/facts/rollout/rollback/own")])

test_a_change_that_is_a_rollback_is_not_asked_where_it_leads if {
	failures("high", array.concat(own_target, [put("/change/operation", "rollback")])) == set()
}
