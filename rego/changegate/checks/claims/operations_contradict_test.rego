package changegate.checks.claims_test

test_operations_contradict_fires_where_the_statement_stands if {
	every kind in ["escalates-to-itself", "logged-and-not-kept"] {
		found := outcomes("high", [put("/facts/claims/operations", [contradiction(kind)])])["claims/operations-contradict"]
		found.outcome == "failed"
		{[one.path, one.related, one.details.claim, one.details.against] | some one in found.violations} == {[["a"], [{"message": "the other", "path": ["b"]}], "this", "that"]}
		every one in found.violations {
			one.details.why != ""
			one.details.mend != ""
		}
	}
}

test_operations_contradict_passes_without_any if outcomes("high", [])["claims/operations-contradict"] == passed

test_operations_contradict_passes_a_kind_that_is_accepted if {
	patches := [put("/facts/claims/operations", [contradiction("escalates-to-itself")]), put("/settings/claims/accepted", ["escalates-to-itself"])]
	outcomes("high", patches)["claims/operations-contradict"] == passed
}

test_operations_contradict_missing_facts_fail if {
	outcomes("high", [drop("/facts/claims/operations")])["claims/operations-contradict"] == failed(["spec", "operations"], {})
	every key in ["kind", "claim", "against", "place"] {
		found := [object.remove(contradiction("escalates-to-itself"), [key])]
		outcomes("high", [put("/facts/claims/operations", found)])["claims/operations-contradict"].outcome == "failed"
	}
}
