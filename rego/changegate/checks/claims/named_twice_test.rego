package changegate.checks.claims_test

test_named_twice_fires_where_the_statement_stands if {
	every kind in ["name-twice"] {
		found := outcomes("high", [put("/facts/claims/names", [contradiction(kind)])])["claims/named-twice"]
		found.outcome == "failed"
		{[one.path, one.related, one.details.claim, one.details.against] | some one in found.violations} == {[["a"], [{"message": "the other", "path": ["b"]}], "this", "that"]}
	}
}

test_named_twice_passes_without_any if outcomes("high", [])["claims/named-twice"] == passed

test_named_twice_passes_a_kind_that_is_accepted if {
	patches := [put("/facts/claims/names", [contradiction("name-twice")]), put("/settings/claims/accepted", ["name-twice"])]
	outcomes("high", patches)["claims/named-twice"] == passed
}

test_named_twice_missing_facts_fail if {
	outcomes("high", [drop("/facts/claims/names")])["claims/named-twice"] == failed(["spec"], {})
	every key in ["kind", "claim", "against", "place"] {
		found := [object.remove(contradiction("name-twice"), [key])]
		outcomes("high", [put("/facts/claims/names", found)])["claims/named-twice"].outcome == "failed"
	}
}
