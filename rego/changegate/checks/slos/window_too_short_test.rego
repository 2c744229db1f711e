package changegate.checks.slos_test

test_window_too_short_fires_alone if {
	short := [put("/facts/slos/slos/1/windowSeconds", 86400)]
	failures("high", short) == {"slos/window-too-short"}
	outcomes("high", short)["slos/window-too-short"] == failed([1, "window"], {"name": "error-rate", "minimumSeconds": 604800})
}

test_window_too_short_missing_window_fails if failures("high", [drop("/facts/slos/slos/1/windowSeconds")]) == {"slos/window-too-short"}

test_window_too_short_passes_at_the_minimum if failures("high", [put("/facts/slos/slos/1/windowSeconds", 604800)]) == set()
