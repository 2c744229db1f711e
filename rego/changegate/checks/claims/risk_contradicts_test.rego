package changegate.checks.claims_test

test_risk_contradicts_fires_where_the_statement_stands if {
	every kind in ["research-with-requests", "research-with-revenue", "research-with-rollout", "hurts-nobody", "attribute-of-nobody"] {
		found := outcomes("high", [put("/facts/claims/risk", [contradiction(kind)])])["claims/risk-contradicts"]
		found.outcome == "failed"
		{[one.path, one.related, one.details.claim, one.details.against] | some one in found.violations} == {[["a"], [{"message": "the other", "path": ["b"]}], "this", "that"]}
		every one in found.violations {
			one.details.why != ""
			one.details.mend != ""
		}
	}
}

test_risk_contradicts_passes_without_any if outcomes("high", [])["claims/risk-contradicts"] == passed

test_risk_contradicts_passes_a_kind_that_is_accepted if {
	patches := [put("/facts/claims/risk", [contradiction("research-with-requests")]), put("/settings/claims/accepted", ["research-with-requests"])]
	outcomes("high", patches)["claims/risk-contradicts"] == passed
}

test_risk_contradicts_missing_facts_fail if {
	outcomes("high", [drop("/facts/claims/risk")])["claims/risk-contradicts"] == failed(["spec", "risk"], {})
	every key in ["kind", "claim", "against", "place"] {
		found := [object.remove(contradiction("research-with-requests"), [key])]
		outcomes("high", [put("/facts/claims/risk", found)])["claims/risk-contradicts"].outcome == "failed"
	}
}

add(path, value) := {"op": "add", "path": path, "value": value}

age := {"name": "age", "sensitivity": {"levels": ["pii"]}, "places": {"sensitivity": {"file": "c.yaml", "path": ["a"]}}}

personal := [
	add("/release", {"spec": {"risk": {"personalData": false}}}),
	add("/facts/features", {"inputs": [age]}),
	add("/settings/claims/personalLevels", ["personal", "pii"]),
]

test_risk_contradicts_fires_by_a_contract if {
	found := outcomes("high", personal)["claims/risk-contradicts"]
	{[one.path, one.details.claim, one.details.against] | some one in found.violations} == {[
		["spec", "risk", "personalData"],
		"`personalData: false`",
		"`sensitivity: pii` of the input age",
	]}
}

test_risk_contradicts_passes_by_a_contract if {
	every more in [
		put("/release/spec/risk/personalData", true),
		put("/settings/claims/personalLevels", ["health"]),
		put("/settings/claims/accepted", ["personal-by-contract"]),
		put("/facts/features/inputs/0/sensitivity/levels", []),
	] {
		outcomes("high", array.concat(personal, [more]))["claims/risk-contradicts"] == passed
	}
}
