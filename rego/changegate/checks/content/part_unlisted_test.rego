package changegate.checks.content_test

stranger := [put(fact("0/parts"), {"status": "known", "missing": [], "unlisted": ["m-00003-of-00002.safetensors"]})]

test_part_unlisted_fires_alone if {
	failures("high", stranger) == {"content/part-unlisted"}
	outcomes("high", stranger)["content/part-unlisted"] == failed(
		[0, "path"],
		{"name": "model", "unlisted": ["m-00003-of-00002.safetensors"]},
	)
}

test_part_unlisted_passes_what_is_named if outcomes("high", [])["content/part-unlisted"] == passed

test_part_unlisted_missing if {
	every key in ["parts", "parts/status", "parts/unlisted"] {
		"content/part-unlisted" in failures("high", [drop(fact(concat("/", ["0", key])))])
	}
	"content/part-unlisted" in failures("high", [drop("/settings/content/claimsFrom")])
}
