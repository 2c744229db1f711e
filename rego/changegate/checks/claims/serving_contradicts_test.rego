package changegate.checks.claims_test

test_serving_contradicts_fires_where_the_statement_stands if {
	every kind in ["provisioned-without-functions", "requests-without-replicas", "rollout-without-requests", "package-of-nothing", "memory-without-gpu", "resource-of-nothing", "another-image-deployed"] {
		found := outcomes("high", [put("/facts/claims/serving", [contradiction(kind)])])["claims/serving-contradicts"]
		found.outcome == "failed"
		{[one.path, one.related, one.details.claim, one.details.against] | some one in found.violations} == {[["a"], [{"message": "the other", "path": ["b"]}], "this", "that"]}
		every one in found.violations {
			one.details.why != ""
			one.details.mend != ""
		}
	}
}

test_serving_contradicts_passes_without_any if outcomes("high", [])["claims/serving-contradicts"] == passed

test_serving_contradicts_passes_a_kind_that_is_accepted if {
	patches := [put("/facts/claims/serving", [contradiction("provisioned-without-functions")]), put("/settings/claims/accepted", ["provisioned-without-functions"])]
	outcomes("high", patches)["claims/serving-contradicts"] == passed
}

test_serving_contradicts_missing_facts_fail if {
	outcomes("high", [drop("/facts/claims/serving")])["claims/serving-contradicts"] == failed(["spec", "serving"], {})
	every key in ["kind", "claim", "against", "place"] {
		found := [object.remove(contradiction("provisioned-without-functions"), [key])]
		outcomes("high", [put("/facts/claims/serving", found)])["claims/serving-contradicts"].outcome == "failed"
	}
}
