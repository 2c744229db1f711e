package changegate.checks.content_test

far := [put(fact("1/formats"), ["pkl"])]

test_unscanned_fires_alone if {
	failures("high", far) == {"content/unscanned"}
	outcomes("high", far)["content/unscanned"] == failed(
		[1, "uri"],
		{"name": "adapter", "formats": ["pkl"], "reason": "only its name was looked at"},
	)
	failures("low", far) == set()
}

test_unscanned_passes_what_was_opened_or_is_refused_anyway if {
	outcomes("high", [put(fact("0/formats"), ["pkl"])])["content/unscanned"] == passed
	failures("high", array.concat(far, [put("/settings/artifacts/unsafeFormats", ["pkl"])])) == set()
	outcomes("high", [])["content/unscanned"] == passed
}

test_unscanned_missing if {
	failures("high", [drop(fact("1/formats"))]) == {"content/unscanned", "content/format-not-allowed"} & failures("high", [drop(fact("1/formats"))])
	"content/unscanned" in failures("high", [drop(fact("1/formats"))])
	"content/unscanned" in failures("high", [drop("/settings/content/executableFormats")])
}
