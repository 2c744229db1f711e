package changegate.checks.claims_test

test_objectives_contradict_fires_where_the_statement_stands if {
	every kind in ["percentile-denied", "latency-without-threshold", "errors-with-threshold", "errors-as-objective", "threshold-denied", "higher-percentile-faster"] {
		found := outcomes("high", [put("/facts/claims/objectives", [contradiction(kind)])])["claims/objectives-contradict"]
		found.outcome == "failed"
		{[one.path, one.related, one.details.claim, one.details.against] | some one in found.violations} == {[["a"], [{"message": "the other", "path": ["b"]}], "this", "that"]}
		every one in found.violations {
			one.details.why != ""
			one.details.mend != ""
		}
	}
}

test_objectives_contradict_passes_without_any if outcomes("high", [])["claims/objectives-contradict"] == passed

test_objectives_contradict_passes_a_kind_that_is_accepted if {
	patches := [put("/facts/claims/objectives", [contradiction("percentile-denied")]), put("/settings/claims/accepted", ["percentile-denied"])]
	outcomes("high", patches)["claims/objectives-contradict"] == passed
}

test_objectives_contradict_missing_facts_fail if {
	outcomes("high", [drop("/facts/claims/objectives")])["claims/objectives-contradict"] == failed(["spec", "slos"], {})
	every key in ["kind", "claim", "against", "place"] {
		found := [object.remove(contradiction("percentile-denied"), [key])]
		outcomes("high", [put("/facts/claims/objectives", found)])["claims/objectives-contradict"].outcome == "failed"
	}
}
