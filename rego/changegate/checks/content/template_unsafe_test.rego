package changegate.checks.content_test

test_template_unsafe_fires_alone if {
	found := [put(fact("0/scan/hazards"), [{"kind": "template", "what": "does it"}])]
	failures("high", found) == {"content/template-unsafe"}
	failures("low", found) == {"content/template-unsafe"}
	outcomes("high", found)["content/template-unsafe"] == failed([0, "path"], {"name": "model", "found": ["does it"]})
}

test_template_unsafe_fires_where_not_all_was_read if {
	found := [
		put(fact("0/scan/hazards"), [{"kind": "template", "what": "does it"}]),
		put(fact("0/scan/status"), "incomplete"),
		add(fact("0/scan/reason"), "it is long"),
	]
	"content/template-unsafe" in failures("high", found)
}

test_template_unsafe_passes if outcomes("high", [])["content/template-unsafe"] == passed

test_template_unsafe_never_passes_what_nobody_saw if {
	outcomes("high", unseen)["content/template-unsafe"].outcome == "not-applicable"
	outcomes("high", [put(fact("0/scan/status"), "incomplete")])["content/template-unsafe"].outcome == "not-applicable"
}

test_template_unsafe_missing if {
	every key in ["scan", "scan/hazards"] { "content/template-unsafe" in failures("high", [drop(fact(concat("/", ["0", key])))]) }
	"content/template-unsafe" in failures("high", [drop("/settings/content/hazardsFrom")])
}
