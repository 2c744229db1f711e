package changegate.checks.content_test

another := [put(fact("0/parameters"), {"status": "differ", "stated": 7, "found": 12})]

test_parameters_mismatch_fires_alone if {
	failures("high", another) == {"content/parameters-mismatch"}
	failures("low", another) == {"content/parameters-mismatch"}
	outcomes("high", another)["content/parameters-mismatch"] == failed(
		[0, "parameters"],
		{"name": "model", "stated": 7, "found": 12},
	)
}

test_parameters_mismatch_passes_what_agrees if {
	outcomes("high", [])["content/parameters-mismatch"] == passed
	outcomes("high", [put(fact("0/parameters"), {"status": "unknown"})])["content/parameters-mismatch"].outcome == "not-applicable"
}

test_parameters_mismatch_missing if {
	every key in ["parameters", "parameters/status"] {
		failures("high", [drop(fact(concat("/", ["0", key])))]) == {"content/parameters-mismatch"}
	}
	"content/parameters-mismatch" in failures("high", [drop("/settings/content/claimsFrom")])
}
