package changegate.checks.rollout_test

test_shadow_first_fires_alone if {
	short := [put("/facts/rollout/shadow/durationSeconds", 60)]
	failures("critical", short) == {"rollout/shadow-first"}
	outcomes("critical", short)["rollout/shadow-first"] == failed(["spec", "rollout", "shadow"], {"minimumSeconds": 3600})
	failures("high", short) == set()
}

test_shadow_first_missing_shadow_fails if {
	failures("critical", [put("/facts/rollout/shadow", {"stated": false})]) == {"rollout/shadow-first"}
}

test_shadow_first_passes_at_the_minimum if outcomes("critical", [])["rollout/shadow-first"] == passed
