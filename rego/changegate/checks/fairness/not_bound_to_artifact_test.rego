package changegate.checks.fairness_test

test_not_bound_to_artifact_fires_alone if {
	elsewhere := [fact("/reports/0/boundTo", []), fact("/artifacts/0/bound", false)]
	failures("high", elsewhere) == {"fairness/not-bound-to-artifact"}
	found := outcomes("high", elsewhere)["fairness/not-bound-to-artifact"]
	found == failed(at(["model"]), {"reason": "it names no artifact of this release"})
}

test_not_bound_to_artifact_fires_for_an_artifact_that_no_report_names if {
	unmeasured := [fact("/artifacts/0/bound", false)]
	failures("high", unmeasured) == {"fairness/not-bound-to-artifact"}
	found := outcomes("high", unmeasured)["fairness/not-bound-to-artifact"]
	found == failed({"path": ["spec", "artifacts", 0]}, {"reason": "no report names the digest of this artifact"})
}

test_not_bound_to_artifact_passes_where_all_are_bound if outcomes("high", [])["fairness/not-bound-to-artifact"] == passed

test_not_bound_to_artifact_missing_facts_fail if {
	every path in ["/reports/0/boundTo", "/artifacts/0/bound", "/artifacts"] {
		failures("high", [drop(concat("", ["/facts/fairness", path]))]) == {"fairness/not-bound-to-artifact"}
	}
}
