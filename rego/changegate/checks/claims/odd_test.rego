package changegate.checks.claims_test

test_odd_fires_where_the_statement_stands if {
	every kind in ["fairness-of-nobody", "research-in-production", "adapter-of-nothing", "one-file-twice", "package-for-nobody", "package-smaller-than-artifacts", "latency-of-a-job", "automatic-without-objective", "block-of-another-strategy", "shares-leave-some", "one-document-twice", "value-twice", "report-twice"] {
		found := outcomes("high", [put("/facts/claims/odd", [contradiction(kind)])])["claims/odd"]
		found.outcome == "failed"
		{[one.path, one.related, one.details.claim, one.details.against] | some one in found.violations} == {[["a"], [{"message": "the other", "path": ["b"]}], "this", "that"]}
		every one in found.violations {
			one.details.why != ""
			one.details.mend != ""
		}
	}
}

test_odd_passes_without_any if outcomes("high", [])["claims/odd"] == passed

test_odd_passes_a_kind_that_is_accepted if {
	patches := [put("/facts/claims/odd", [contradiction("fairness-of-nobody")]), put("/settings/claims/accepted", ["fairness-of-nobody"])]
	outcomes("high", patches)["claims/odd"] == passed
}

test_odd_missing_facts_fail if {
	outcomes("high", [drop("/facts/claims/odd")])["claims/odd"] == failed(["spec"], {})
	every key in ["kind", "claim", "against", "place"] {
		found := [object.remove(contradiction("fairness-of-nobody"), [key])]
		outcomes("high", [put("/facts/claims/odd", found)])["claims/odd"].outcome == "failed"
	}
}
