package changegate.checks.rollout_test

test_traffic_undeclared_fires_alone if {
	undeclared := [put("/evidence/rollout/traffic", {"status": "absent", "reason": "none"})]
	failures("high", undeclared) == {"rollout/traffic-undeclared"}
	outcomes("high", undeclared)["rollout/traffic-undeclared"] == failed(["spec", "serving", "requestsPerSecond"], {})
	failures("medium", undeclared) == set()
}

test_traffic_undeclared_missing_traffic_fails if {
	"rollout/traffic-undeclared" in failures("high", [drop("/evidence/rollout/traffic")])
}

test_traffic_undeclared_passes_what_is_declared if outcomes("high", [])["rollout/traffic-undeclared"] == passed
