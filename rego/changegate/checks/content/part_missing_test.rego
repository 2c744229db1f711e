package changegate.checks.content_test

gap := [put(fact("0/parts"), {"status": "known", "missing": ["m-00002-of-00002.safetensors"], "unlisted": []})]

test_part_missing_fires_alone if {
	failures("high", gap) == {"content/part-missing"}
	failures("low", gap) == {"content/part-missing"}
	outcomes("high", gap)["content/part-missing"] == failed(
		[0, "path"],
		{"name": "model", "missing": ["m-00002-of-00002.safetensors"]},
	)
}

test_part_missing_fires_for_an_index_that_is_none if {
	broken_index := [put(fact("0/parts"), {"status": "broken", "reason": "x is no index", "missing": [], "unlisted": []})]
	outcomes("high", broken_index)["content/part-missing"] == failed([0, "path"], {"name": "model", "missing": "x is no index"})
}

test_part_missing_passes_what_is_whole if {
	outcomes("high", [])["content/part-missing"] == passed
	outcomes("high", [put(fact("0/parts/status"), "none")])["content/part-missing"].outcome == "not-applicable"
}

test_part_missing_missing if {
	every key in ["parts", "parts/status", "parts/missing"] {
		"content/part-missing" in failures("high", [drop(fact(concat("/", ["0", key])))])
	}
	"content/part-missing" in failures("high", [drop("/settings/content/claimsFrom")])
}
