package changegate.checks.claims_test

test_features_contradict_fires_where_the_statement_stands if {
	every kind in ["range-upside-down", "range-of-no-number", "range-beyond-type", "probability-beyond-one", "values-of-none", "values-of-another-type", "values-beyond-range"] {
		found := outcomes("high", [put("/facts/claims/features", [contradiction(kind)])])["claims/features-contradict"]
		found.outcome == "failed"
		{[one.path, one.related, one.details.claim, one.details.against] | some one in found.violations} == {[["a"], [{"message": "the other", "path": ["b"]}], "this", "that"]}
		every one in found.violations {
			one.details.why != ""
			one.details.mend != ""
		}
	}
}

test_features_contradict_passes_without_any if outcomes("high", [])["claims/features-contradict"] == passed

test_features_contradict_passes_a_kind_that_is_accepted if {
	patches := [put("/facts/claims/features", [contradiction("range-upside-down")]), put("/settings/claims/accepted", ["range-upside-down"])]
	outcomes("high", patches)["claims/features-contradict"] == passed
}

test_features_contradict_missing_facts_fail if {
	outcomes("high", [drop("/facts/claims/features")])["claims/features-contradict"] == failed(["spec", "features"], {})
	every key in ["kind", "claim", "against", "place"] {
		found := [object.remove(contradiction("range-upside-down"), [key])]
		outcomes("high", [put("/facts/claims/features", found)])["claims/features-contradict"].outcome == "failed"
	}
}
