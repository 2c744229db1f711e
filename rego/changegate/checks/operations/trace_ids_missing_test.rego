package changegate.checks.operations_test

traced := concat("/", [facts, "telemetry/traceIds"])

test_trace_ids_missing_fires_alone if {
	failures("high", [put(traced, false)]) == {"operations/trace-ids-missing"}
	outcomes("high", [put(traced, false)])["operations/trace-ids-missing"] == failed(["spec", "operations", "telemetry", "traceIds"], {})
}

test_trace_ids_missing_passes if outcomes("medium", [])["operations/trace-ids-missing"] == passed

test_trace_ids_missing_is_not_asked_of_batch if {
	failures("high", [put(traced, false), put("/release/spec/serving/platform", "batch")]) == set()
}

test_trace_ids_missing_missing_fails if {
	failures("high", [drop(traced)]) == {"operations/trace-ids-missing"}
	failures("high", [put(traced, false), drop("/release/spec/serving")]) == {"operations/trace-ids-missing"}
}
