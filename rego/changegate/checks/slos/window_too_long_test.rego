package changegate.checks.slos_test

test_window_too_long_fires_alone if {
	long := [put("/facts/slos/slos/1/windowSeconds", 31536000)]
	failures("high", long) == {"slos/window-too-long"}
	outcomes("high", long)["slos/window-too-long"] == failed([1, "window"], {
		"name": "error-rate",
		"windowSeconds": 31536000,
		"maximumSeconds": 7776000,
	})
}

test_window_too_long_missing_window_is_told_by_the_other if {
	failures("high", [drop("/facts/slos/slos/1/windowSeconds")]) == {"slos/window-too-short"}
}

test_window_too_long_passes_at_the_maximum if failures("high", [put("/facts/slos/slos/1/windowSeconds", 7776000)]) == set()
