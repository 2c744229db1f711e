package changegate.checks.content_test

broken := [put(fact("0/scan/form"), "broken"), add(fact("0/scan/fault"), "ends before its header does")]

test_malformed_fires_alone if {
	failures("high", broken) == {"content/malformed"}
	failures("low", broken) == {"content/malformed"}
	outcomes("high", broken)["content/malformed"] == failed(
		[0, "path"],
		{"name": "model", "fault": "ends before its header does"},
	)
}

test_malformed_passes_what_is_whole if {
	outcomes("high", [])["content/malformed"] == passed
	outcomes("high", half)["content/malformed"].outcome == "not-applicable"
}

test_malformed_missing if {
	failures("high", [drop(fact("0/scan/form"))]) == {"content/malformed"}
	"content/malformed" in failures("high", [drop("/settings/content/claimsFrom")])
}
