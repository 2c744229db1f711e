package changegate.checks.claims_test

test_identity_contradicts_fires_where_the_statement_stands if {
	every kind in ["replaces-itself"] {
		found := outcomes("high", [put("/facts/claims/identity", [contradiction(kind)])])["claims/identity-contradicts"]
		found.outcome == "failed"
		{[one.path, one.related, one.details.claim, one.details.against] | some one in found.violations} == {[["a"], [{"message": "the other", "path": ["b"]}], "this", "that"]}
		every one in found.violations {
			one.details.why != ""
			one.details.mend != ""
		}
	}
}

test_identity_contradicts_passes_without_any if outcomes("high", [])["claims/identity-contradicts"] == passed

test_identity_contradicts_passes_a_kind_that_is_accepted if {
	patches := [put("/facts/claims/identity", [contradiction("replaces-itself")]), put("/settings/claims/accepted", ["replaces-itself"])]
	outcomes("high", patches)["claims/identity-contradicts"] == passed
}

test_identity_contradicts_missing_facts_fail if {
	outcomes("high", [drop("/facts/claims/identity")])["claims/identity-contradicts"] == failed(["metadata"], {})
	every key in ["kind", "claim", "against", "place"] {
		found := [object.remove(contradiction("replaces-itself"), [key])]
		outcomes("high", [put("/facts/claims/identity", found)])["claims/identity-contradicts"].outcome == "failed"
	}
}
