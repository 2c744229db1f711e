package changegate.checks.evaluation_test

test_not_bound_to_artifact_fires_alone_at_the_report if {
	changed := [fact(["reports", 0, "boundTo"], []), fact(["artifacts", 0, "bound"], false)]
	failures("high", changed) == {"evaluation/not-bound-to-artifact"}
	outcomes("high", changed)["evaluation/not-bound-to-artifact"] == failed_at(
		["model"],
		{"reason": "the report names no artifact of this release"},
	)
}

test_not_bound_to_artifact_fires_alone_at_the_artifact if {
	second := {"name": "adapter", "pinned": true, "bound": false, "place": {"path": ["spec", "artifacts", 1]}}
	changed := [fact(["artifacts", "-"], second)]
	failures("high", changed) == {"evaluation/not-bound-to-artifact"}
	outcomes("high", changed)["evaluation/not-bound-to-artifact"] == failed(
		["spec", "artifacts", 1],
		{"reason": "no report names the digest of this artifact"},
	)
}

test_not_bound_to_artifact_passes_where_each_is_named_by_a_report if {
	second := {"name": "adapter", "pinned": true, "bound": true, "place": {"path": ["spec", "artifacts", 1]}}
	failures("high", [
		fact(["artifacts", "-"], second),
		fact(["reports", "-"], object.union(report, {"boundTo": ["adapter"]})),
	]) == set()
}

test_not_bound_to_artifact_missing_keys if {
	every path in [["artifacts"], ["reports", 0, "boundTo"], ["artifacts", 0, "bound"]] {
		"evaluation/not-bound-to-artifact" in failures("high", [no_fact(path)])
	}
}
