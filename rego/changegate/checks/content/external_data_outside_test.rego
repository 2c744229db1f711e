package changegate.checks.content_test

test_external_data_outside_fires_alone if {
	found := [put(fact("0/scan/hazards"), [{"kind": "external-data", "what": "does it"}])]
	failures("high", found) == {"content/external-data-outside"}
	failures("low", found) == {"content/external-data-outside"}
	outcomes("high", found)["content/external-data-outside"] == failed([0, "path"], {"name": "model", "found": ["does it"]})
}

test_external_data_outside_fires_where_not_all_was_read if {
	found := [
		put(fact("0/scan/hazards"), [{"kind": "external-data", "what": "does it"}]),
		put(fact("0/scan/status"), "incomplete"),
		add(fact("0/scan/reason"), "it is long"),
	]
	"content/external-data-outside" in failures("high", found)
}

test_external_data_outside_passes if outcomes("high", [])["content/external-data-outside"] == passed

test_external_data_outside_never_passes_what_nobody_saw if {
	outcomes("high", unseen)["content/external-data-outside"].outcome == "not-applicable"
	outcomes("high", [put(fact("0/scan/status"), "incomplete")])["content/external-data-outside"].outcome == "not-applicable"
}

test_external_data_outside_missing if {
	every key in ["scan", "scan/hazards"] { "content/external-data-outside" in failures("high", [drop(fact(concat("/", ["0", key])))]) }
	"content/external-data-outside" in failures("high", [drop("/settings/content/hazardsFrom")])
}
