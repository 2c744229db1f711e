package changegate.checks.slos_test

test_latency_objective_missing_fires_alone if {
	without := [drop("/facts/slos/slos/0"), put("/facts/slos/kinds", ["errors"])]
	failures("high", without) == {"slos/latency-objective-missing"}
	outcomes("high", without)["slos/latency-objective-missing"] == failed([], {})
	failures("high", array.concat(without, [put("/release/spec/serving/platform", "batch")])) == set()
}

test_latency_objective_missing_passes_with_one if outcomes("high", [put("/facts/slos/kinds", ["latency"])])["slos/latency-objective-missing"] == passed

test_latency_objective_missing_missing_kinds_fail if {
	failures("high", [drop("/facts/slos/kinds")]) == {"slos/latency-objective-missing", "slos/error-rate-missing"}
}
