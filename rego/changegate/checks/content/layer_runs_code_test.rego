package changegate.checks.content_test

test_layer_runs_code_fires_alone if {
	found := [put(fact("0/scan/hazards"), [{"kind": "layer", "what": "does it"}])]
	failures("high", found) == {"content/layer-runs-code"}
	failures("low", found) == {"content/layer-runs-code"}
	outcomes("high", found)["content/layer-runs-code"] == failed([0, "path"], {"name": "model", "found": ["does it"]})
}

test_layer_runs_code_fires_where_not_all_was_read if {
	found := [
		put(fact("0/scan/hazards"), [{"kind": "layer", "what": "does it"}]),
		put(fact("0/scan/status"), "incomplete"),
		add(fact("0/scan/reason"), "it is long"),
	]
	"content/layer-runs-code" in failures("high", found)
}

test_layer_runs_code_passes if outcomes("high", [])["content/layer-runs-code"] == passed

test_layer_runs_code_never_passes_what_nobody_saw if {
	outcomes("high", unseen)["content/layer-runs-code"].outcome == "not-applicable"
	outcomes("high", [put(fact("0/scan/status"), "incomplete")])["content/layer-runs-code"].outcome == "not-applicable"
}

test_layer_runs_code_missing if {
	every key in ["scan", "scan/hazards"] { "content/layer-runs-code" in failures("high", [drop(fact(concat("/", ["0", key])))]) }
	"content/layer-runs-code" in failures("high", [drop("/settings/content/hazardsFrom")])
}
