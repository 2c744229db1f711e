package changegate.checks.claims_test

test_rollout_contradicts_fires_where_the_statement_stands if {
	every kind in ["replaced-in-steps", "switched-in-steps", "devices-without-edge", "controller-of-another-platform", "cohort-unknown", "lasts-no-time", "experiment-cut-short", "back-to-a-later-version"] {
		found := outcomes("high", [put("/facts/claims/rollout", [contradiction(kind)])])["claims/rollout-contradicts"]
		found.outcome == "failed"
		{[one.path, one.related, one.details.claim, one.details.against] | some one in found.violations} == {[["a"], [{"message": "the other", "path": ["b"]}], "this", "that"]}
		every one in found.violations {
			one.details.why != ""
			one.details.mend != ""
		}
	}
}

test_rollout_contradicts_passes_without_any if outcomes("high", [])["claims/rollout-contradicts"] == passed

test_rollout_contradicts_passes_a_kind_that_is_accepted if {
	patches := [put("/facts/claims/rollout", [contradiction("replaced-in-steps")]), put("/settings/claims/accepted", ["replaced-in-steps"])]
	outcomes("high", patches)["claims/rollout-contradicts"] == passed
}

test_rollout_contradicts_missing_facts_fail if {
	outcomes("high", [drop("/facts/claims/rollout")])["claims/rollout-contradicts"] == failed(["spec", "rollout"], {})
	every key in ["kind", "claim", "against", "place"] {
		found := [object.remove(contradiction("replaced-in-steps"), [key])]
		outcomes("high", [put("/facts/claims/rollout", found)])["claims/rollout-contradicts"].outcome == "failed"
	}
}
