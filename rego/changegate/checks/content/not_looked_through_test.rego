package changegate.checks.content_test

half := [put(fact("0/scan/status"), "incomplete"), add(fact("0/scan/reason"), "it has a password")]

test_not_looked_through_fires_alone if {
	failures("high", half) == {"content/not-looked-through"}
	outcomes("high", half)["content/not-looked-through"] == failed(
		[0, "path"],
		{"name": "model", "reason": "it has a password"},
	)
	failures("low", half) == set()
}

test_not_looked_through_passes_what_was_read if outcomes("high", [])["content/not-looked-through"] == passed

test_not_looked_through_missing if {
	"content/not-looked-through" in failures("high", [drop(fact("0/scan/status"))])
	failures("high", [drop("/settings/content/readFrom")]) == of_reading
}
