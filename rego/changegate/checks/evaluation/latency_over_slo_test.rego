package changegate.checks.evaluation_test

test_latency_over_slo_fires_alone if {
	changed := [fact(["latency", 0, "valueMs"], 301)]
	failures("high", changed) == {"evaluation/latency-over-slo"}
	outcomes("high", changed)["evaluation/latency-over-slo"] == failed_at(
		["latency", 0, "valueMs"],
		{"name": "latency-p95", "percentile": 95, "valueMs": 301, "thresholdMs": 300},
	)
}

test_latency_over_slo_passes_at_the_threshold if {
	failures("high", [fact(["latency", 0, "valueMs"], 300)]) == set()
	outcomes("high", [fact(["latency"], [])])["evaluation/latency-over-slo"].outcome == "not-applicable"
}

test_latency_over_slo_missing_keys if {
	every path in [["latency"], ["latency", 0, "measured"], ["latency", 0, "valueMs"], ["latency", 0, "thresholdMs"]] {
		"evaluation/latency-over-slo" in failures("high", [no_fact(path)])
	}
}
