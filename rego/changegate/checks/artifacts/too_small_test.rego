package changegate.checks.artifacts_test

test_too_small_fires_alone if {
	small := [put(fact("0/size/bytes"), 37)]
	failures("high", small) == {"artifacts/too-small"}
	outcomes("high", small)["artifacts/too-small"] == failed(
		[0, "sizeBytes"],
		{"name": "model", "format": "safetensors", "sizeBytes": 37, "minimumBytes": 60},
	)
}

test_too_small_passes_at_the_limit_and_what_has_no_limit if {
	failures("high", [put(fact("0/size/bytes"), 60)]) == set()
	failures("high", [put(fact("0/size/bytes"), 1), put(fact("0/formats"), ["markdown"])]) == set()
}

test_too_small_missing if {
	every key in ["size/bytes", "size/known"] {
		"artifacts/too-small" in failures("high", [drop(fact(concat("/", ["0", key])))])
	}
	"artifacts/too-small" in failures("high", [drop("/settings/artifacts/minimumFormatBytes")])
}
