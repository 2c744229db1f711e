package changegate.checks.evaluation_test

few(number) := [fact(["latency", 0, "sampleCount"], number)]

test_latency_sample_too_small_fires_alone if {
	failures("high", few(58)) == {"evaluation/latency-sample-too-small"}
	outcomes("high", few(3))["evaluation/latency-sample-too-small"] == failed_at(
		["latency", 0, "sampleCount"],
		{"name": "latency-p95", "percentile": 95, "sampleCount": 3, "samplesNeeded": 59, "minimumCount": 30},
	)
}

test_latency_sample_too_small_fires_where_the_report_does_not_say if {
	failures("high", [no_fact(["latency", 0, "sampleCount"])]) == {"evaluation/latency-sample-too-small"}
}

test_latency_sample_too_small_fires_below_what_settings_ask if {
	asked := put(["settings", "evaluation", "minimumLatencySampleCount", "high"], 1000)
	failures("high", array.concat(few(999), [asked])) == {"evaluation/latency-sample-too-small"}
	failures("high", array.concat(few(1000), [asked])) == set()
}

test_latency_sample_too_small_passes_with_enough if {
	failures("high", few(59)) == set()
	outcomes("high", [fact(["latency"], [])])["evaluation/latency-sample-too-small"].outcome == "not-applicable"
}

test_latency_sample_too_small_passes_what_was_not_measured if {
	unmeasured := [fact(["latency", 0], {"name": "latency-p95", "thresholdMs": 300, "measured": false})]
	outcomes("high", unmeasured)["evaluation/latency-sample-too-small"] == passed
}

test_latency_sample_too_small_missing_keys if {
	every path in [["latency"], ["latency", 0, "measured"], ["latency", 0, "sampleCount"], ["latency", 0, "samplesNeeded"]] {
		"evaluation/latency-sample-too-small" in failures("high", [no_fact(path)])
	}
	lost := [drop("/settings/evaluation/minimumLatencySampleCount")]
	failures("high", lost) == {"evaluation/latency-sample-too-small"}
}
