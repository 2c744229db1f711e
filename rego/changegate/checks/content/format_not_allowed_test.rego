package changegate.checks.content_test

listed := [put("/settings/content/allowedFormats/high", ["gguf", "safetensors"])]

test_format_not_allowed_fires_alone if {
	other := array.concat(listed, [put(fact("1/judgedFormats"), ["onnx"])])
	failures("high", other) == {"content/format-not-allowed"}
	outcomes("high", other)["content/format-not-allowed"] == failed(
		[1, "format"],
		{"name": "adapter", "formats": ["onnx"], "allowedFormats": ["gguf", "safetensors"]},
	)
}

test_format_not_allowed_passes_what_is_listed if {
	outcomes("high", listed)["content/format-not-allowed"] == passed
	outcomes("high", [])["content/format-not-allowed"].outcome == "not-applicable"
}

test_format_not_allowed_missing if {
	failures("high", array.concat(listed, [drop(fact("0/judgedFormats"))])) == {"content/format-not-allowed"}
	failures("high", [drop("/settings/content/allowedFormats")]) == {"content/format-not-allowed"}
}
