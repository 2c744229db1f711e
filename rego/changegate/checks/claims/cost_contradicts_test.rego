package changegate.checks.claims_test

test_cost_contradicts_fires_where_the_statement_stands if {
	every kind in ["requests-for-nothing", "calls-for-nothing"] {
		found := outcomes("high", [put("/facts/claims/cost", [contradiction(kind)])])["claims/cost-contradicts"]
		found.outcome == "failed"
		{[one.path, one.related, one.details.claim, one.details.against] | some one in found.violations} == {[["a"], [{"message": "the other", "path": ["b"]}], "this", "that"]}
		every one in found.violations {
			one.details.why != ""
			one.details.mend != ""
		}
	}
}

test_cost_contradicts_passes_without_any if outcomes("high", [])["claims/cost-contradicts"] == passed

test_cost_contradicts_passes_a_kind_that_is_accepted if {
	patches := [put("/facts/claims/cost", [contradiction("requests-for-nothing")]), put("/settings/claims/accepted", ["requests-for-nothing"])]
	outcomes("high", patches)["claims/cost-contradicts"] == passed
}

test_cost_contradicts_missing_facts_fail if {
	outcomes("high", [drop("/facts/claims/cost")])["claims/cost-contradicts"] == failed(["spec", "cost"], {})
	every key in ["kind", "claim", "against", "place"] {
		found := [object.remove(contradiction("requests-for-nothing"), [key])]
		outcomes("high", [put("/facts/claims/cost", found)])["claims/cost-contradicts"].outcome == "failed"
	}
}
