package changegate.checks.content_test

test_pickle_runs_code_fires_alone if {
	found := [put(fact("0/scan/hazards"), [{"kind": "pickle", "what": "does it"}])]
	failures("high", found) == {"content/pickle-runs-code"}
	failures("low", found) == {"content/pickle-runs-code"}
	outcomes("high", found)["content/pickle-runs-code"] == failed([0, "path"], {"name": "model", "found": ["does it"]})
}

test_pickle_runs_code_fires_where_not_all_was_read if {
	found := [
		put(fact("0/scan/hazards"), [{"kind": "pickle", "what": "does it"}]),
		put(fact("0/scan/status"), "incomplete"),
		add(fact("0/scan/reason"), "it is long"),
	]
	"content/pickle-runs-code" in failures("high", found)
}

test_pickle_runs_code_passes if outcomes("high", [])["content/pickle-runs-code"] == passed

test_pickle_runs_code_never_passes_what_nobody_saw if {
	outcomes("high", unseen)["content/pickle-runs-code"].outcome == "not-applicable"
	outcomes("high", [put(fact("0/scan/status"), "incomplete")])["content/pickle-runs-code"].outcome == "not-applicable"
}

test_pickle_runs_code_missing if {
	every key in ["scan", "scan/hazards"] { "content/pickle-runs-code" in failures("high", [drop(fact(concat("/", ["0", key])))]) }
	"content/pickle-runs-code" in failures("high", [drop("/settings/content/hazardsFrom")])
}
