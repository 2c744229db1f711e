package changegate.checks.slos_test

test_error_rate_missing_fires_alone if {
	without := [drop("/facts/slos/slos/1"), put("/facts/slos/kinds", ["latency"])]
	failures("high", without) == {"slos/error-rate-missing"}
	outcomes("high", without)["slos/error-rate-missing"] == failed([], {})
}

test_error_rate_missing_passes_with_one if outcomes("high", [put("/facts/slos/kinds", ["errors"])])["slos/error-rate-missing"] == passed

test_error_rate_missing_missing_kinds_fail if "slos/error-rate-missing" in failures("high", [drop("/facts/slos/kinds")])
