package changegate.checks.limits_test

test_cold_start_too_slow_fires_alone if {
	slow := [put(fact("coldStart/coldStartMs"), 901)]
	failures("high", slow) == {"limits/cold-start-too-slow"}
	some violation in outcomes("high", slow)["limits/cold-start-too-slow"].violations
	violation.path == ["spec", "serving", "coldStartMs"]
	violation.details == {"coldStartMs": 901, "maximumMs": 900}
}

test_cold_start_too_slow_passes_what_is_kept_warm if {
	warm := [put(fact("coldStart"), {"status": "warm", "coldStartMs": 20000, "provisionedConcurrency": 2})]
	outcomes("high", warm)["limits/cold-start-too-slow"] == passed
}

test_cold_start_too_slow_missing if {
	every key in ["coldStart", "coldStart/status", "coldStart/coldStartMs"] {
		failures("high", [drop(fact(key))]) == {"limits/cold-start-too-slow"}
	}
}
