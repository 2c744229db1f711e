package changegate.checks.evaluation_test

unmeasured := [
	fact(["latency", 0, "measured"], false),
	fact(["latency", 0, "place"], {"path": ["spec", "slos", 0]}),
]

test_latency_unmeasured_fires_alone if {
	failures("high", unmeasured) == {"evaluation/latency-unmeasured"}
	outcomes("high", unmeasured)["evaluation/latency-unmeasured"] == failed(["spec", "slos", 0], {"name": "latency-p95"})
}

test_latency_unmeasured_passes_where_it_was_measured_and_is_not_asked_without_an_objective if {
	outcomes("high", [])["evaluation/latency-unmeasured"] == passed
	outcomes("high", [fact(["latency"], [])])["evaluation/latency-unmeasured"].outcome == "not-applicable"
}

test_latency_unmeasured_missing_keys if {
	every path in [["latency"], ["latency", 0, "measured"]] {
		"evaluation/latency-unmeasured" in failures("high", [no_fact(path)])
	}
	nameless := array.concat(unmeasured, [no_fact(["latency", 0, "name"])])
	outcomes("high", nameless)["evaluation/latency-unmeasured"] == failed(["spec", "slos", 0], {})
}
