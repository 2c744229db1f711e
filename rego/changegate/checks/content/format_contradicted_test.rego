package changegate.checks.content_test

impostor := [put(fact("0/scan/claim"), {"status": "contradicts", "stated": "safetensors", "found": "a pickle", "key": "format"})]

test_format_contradicted_fires_alone if {
	failures("high", impostor) == {"content/format-contradicted"}
	failures("low", impostor) == {"content/format-contradicted"}
	outcomes("high", impostor)["content/format-contradicted"] == failed(
		[0, "format"],
		{"name": "model", "stated": "safetensors", "found": "a pickle"},
	)
}

test_format_contradicted_passes_what_is_true if {
	outcomes("high", [])["content/format-contradicted"] == passed
	outcomes("high", unseen)["content/format-contradicted"].outcome == "not-applicable"
}

test_format_contradicted_missing if {
	every key in ["scan/claim", "scan/claim/status"] {
		failures("high", [drop(fact(concat("/", ["0", key])))]) == {"content/format-contradicted"}
	}
	"content/format-contradicted" in failures("high", [drop("/settings/content/claimsFrom")])
}
