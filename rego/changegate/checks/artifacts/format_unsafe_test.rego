package changegate.checks.artifacts_test

test_format_unsafe_fires_alone if {
	pickled := [put(fact("1/formats"), ["bin", "pickle", "safetensors"])]
	failures("high", pickled) == {"artifacts/format-unsafe"}
	outcomes("high", pickled)["artifacts/format-unsafe"] == failed(
		[1, "format"],
		{"name": "adapter", "formats": ["bin", "pickle"]},
	)
}

test_format_unsafe_fires_where_none_is_known if {
	outcomes("high", [put(fact("1/formats"), [])])["artifacts/format-unsafe"] == failed(
		[1, "format"],
		{"name": "adapter", "formats": ["not stated"]},
	)
}

test_format_unsafe_passes_what_settings_allow if {
	failures("high", [put(fact("1/formats"), ["bin"]), put("/settings/artifacts/unsafeFormats", [])]) == set()
}

test_format_unsafe_missing if {
	without := [drop(fact("1/formats"))]
	failures("high", without) == {"artifacts/format-unsafe", "artifacts/format-archived", "artifacts/too-small"}
	failures("high", [drop("/settings/artifacts/unsafeFormats")]) == {"artifacts/format-unsafe"}
}
