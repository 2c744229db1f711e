package changegate.checks.slos_test

slow := [put("/facts/slos/slos/0/thresholdMs", 500), put("/facts/slos/slos/0/previous/thresholdMs", 500)]

test_latency_threshold_too_high_fires_alone if {
	failures("high", slow) == {"slos/latency-threshold-too-high"}
	outcomes("high", slow)["slos/latency-threshold-too-high"] == failed(
		[0, "thresholdMs"],
		{"name": "latency-p95", "thresholdMs": 500, "maximumMs": 300},
	)
	failures("medium", slow) == set()
}

test_latency_threshold_too_high_passes_a_slower_generation if failures("high", array.concat(slow, [put("/release/spec/task", "generation")])) == set()

test_latency_threshold_too_high_missing_threshold_fails if {
	outcomes("high", [drop("/facts/slos/slos/0/thresholdMs")])["slos/latency-threshold-too-high"] == failed([0, "thresholdMs"], {})
}
