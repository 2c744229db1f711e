package changegate.checks.content_test

test_archive_unsafe_fires_alone if {
	found := [put(fact("0/scan/hazards"), [{"kind": "archive", "what": "does it"}])]
	failures("high", found) == {"content/archive-unsafe"}
	failures("low", found) == {"content/archive-unsafe"}
	outcomes("high", found)["content/archive-unsafe"] == failed([0, "path"], {"name": "model", "found": ["does it"]})
}

test_archive_unsafe_fires_where_not_all_was_read if {
	found := [
		put(fact("0/scan/hazards"), [{"kind": "archive", "what": "does it"}]),
		put(fact("0/scan/status"), "incomplete"),
		add(fact("0/scan/reason"), "it is long"),
	]
	"content/archive-unsafe" in failures("high", found)
}

test_archive_unsafe_passes if outcomes("high", [])["content/archive-unsafe"] == passed

test_archive_unsafe_never_passes_what_nobody_saw if {
	outcomes("high", unseen)["content/archive-unsafe"].outcome == "not-applicable"
	outcomes("high", [put(fact("0/scan/status"), "incomplete")])["content/archive-unsafe"].outcome == "not-applicable"
}

test_archive_unsafe_missing if {
	every key in ["scan", "scan/hazards"] { "content/archive-unsafe" in failures("high", [drop(fact(concat("/", ["0", key])))]) }
	"content/archive-unsafe" in failures("high", [drop("/settings/content/hazardsFrom")])
}
