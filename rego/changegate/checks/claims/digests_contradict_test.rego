package changegate.checks.claims_test

test_digests_contradict_fires_where_the_statement_stands if {
	every kind in ["digest-of-another-thing", "digest-of-two-sizes", "address-of-two-contents", "digest-of-nothing", "commit-of-nothing", "back-to-other-weights", "back-to-the-same-weights"] {
		found := outcomes("high", [put("/facts/claims/digests", [contradiction(kind)])])["claims/digests-contradict"]
		found.outcome == "failed"
		{[one.path, one.related, one.details.claim, one.details.against] | some one in found.violations} == {[["a"], [{"message": "the other", "path": ["b"]}], "this", "that"]}
		every one in found.violations {
			one.details.why != ""
			one.details.mend != ""
		}
	}
}

test_digests_contradict_passes_without_any if outcomes("high", [])["claims/digests-contradict"] == passed

test_digests_contradict_passes_a_kind_that_is_accepted if {
	patches := [put("/facts/claims/digests", [contradiction("digest-of-another-thing")]), put("/settings/claims/accepted", ["digest-of-another-thing"])]
	outcomes("high", patches)["claims/digests-contradict"] == passed
}

test_digests_contradict_missing_facts_fail if {
	outcomes("high", [drop("/facts/claims/digests")])["claims/digests-contradict"] == failed(["spec"], {})
	every key in ["kind", "claim", "against", "place"] {
		found := [object.remove(contradiction("digest-of-another-thing"), [key])]
		outcomes("high", [put("/facts/claims/digests", found)])["claims/digests-contradict"].outcome == "failed"
	}
}
