package changegate.checks.manifest_test

test_hidden_fires_alone if {
	failures([list("hidden", [lost])]) == {"manifest/hidden"}
	outcomes([list("hidden", [lost])])["manifest/hidden"] == failed({"problem": "it is a link now"})
}

test_hidden_passes_where_nothing_hides if outcomes([])["manifest/hidden"] == passed

test_hidden_missing_facts_fail if {
	outcomes([drop("/facts/manifest/hidden")])["manifest/hidden"] == undetermined
	outcomes([list("hidden", [object.remove(lost, ["at"])])])["manifest/hidden"] == undetermined
}
