package changegate.checks.claims_test

test_artifacts_contradict_fires_where_the_statement_stands if {
	every kind in ["hosted-with-file", "format-of-another-name", "more-parameters-than-bits"] {
		found := outcomes("high", [put("/facts/claims/artifacts", [contradiction(kind)])])["claims/artifacts-contradict"]
		found.outcome == "failed"
		{[one.path, one.related, one.details.claim, one.details.against] | some one in found.violations} == {[["a"], [{"message": "the other", "path": ["b"]}], "this", "that"]}
		every one in found.violations {
			one.details.why != ""
			one.details.mend != ""
		}
	}
}

test_artifacts_contradict_passes_without_any if outcomes("high", [])["claims/artifacts-contradict"] == passed

test_artifacts_contradict_passes_a_kind_that_is_accepted if {
	patches := [put("/facts/claims/artifacts", [contradiction("hosted-with-file")]), put("/settings/claims/accepted", ["hosted-with-file"])]
	outcomes("high", patches)["claims/artifacts-contradict"] == passed
}

test_artifacts_contradict_missing_facts_fail if {
	outcomes("high", [drop("/facts/claims/artifacts")])["claims/artifacts-contradict"] == failed(["spec", "artifacts"], {})
	every key in ["kind", "claim", "against", "place"] {
		found := [object.remove(contradiction("hosted-with-file"), [key])]
		outcomes("high", [put("/facts/claims/artifacts", found)])["claims/artifacts-contradict"].outcome == "failed"
	}
}
