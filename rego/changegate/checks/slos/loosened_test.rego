package changegate.checks.slos_test

import data.changegate.lib_test

test_loosened_fires_on_a_threshold_alone if {
	looser := [put("/facts/slos/slos/0/previous/thresholdMs", 200)]
	failures("high", looser) == {"slos/loosened"}
	outcomes("high", looser)["slos/loosened"] == lib_test.seen_with(failed([0, "name"], {"name": "latency-p95"}), [lib_test.before(["spec", "slos", 0, "name"])])
}

test_loosened_fires_on_an_objective_alone if {
	failures("high", [put("/facts/slos/slos/1/previous/objectiveRatio", 0.9999)]) == {"slos/loosened"}
}

test_loosened_passes_a_new_objective if failures("high", [drop("/facts/slos/slos/0/previous")]) == set()

test_loosened_missing_previous_objective_fails if {
	failures("high", [drop("/facts/slos/slos/1/previous/objectiveRatio")]) == {"slos/loosened"}
}

test_previous_statuses if {
	outcomes("high", [put("/previous", {"status": "absent", "reason": "none"})])["slos/loosened"].outcome == "not-applicable"
	outcomes("high", [put("/previous", {"status": "unavailable", "reason": "why"})])["slos/loosened"].outcome == "unknown"
	outcomes("high", [put("/previous", {"status": "invalid", "reason": "why"})])["slos/loosened"].outcome == "failed"
}
