package changegate.checks.control_test

unsigned(name, tier) := {"name": name, "claims": {"tier": tier}, "at": {"file": sprintf("models/%s.yaml", [name]), "revision": "head"}}

nobody(releases) := [
	put("/facts/control/signers", {"configured": false, "releases": releases}),
	{"op": "add", "path": "/settings/risk", "value": {"floors": [{"when": {"tier": "none"}, "tier": "critical", "reason": "x"}]}},
	{"op": "add", "path": "/settings/provenance", "value": {"signersFrom": "high"}},
]

test_signers_missing_fires_once_at_the_first if {
	bad := nobody([unsigned("b", "high"), unsigned("a", "critical"), unsigned("c", "low")])
	failures(bad) == {"control/signers-missing"}
	outcomes(bad)["control/signers-missing"] == failed({"file": "models/b.yaml", "revision": "head"}, {"models": ["a", "b"]})
}

test_signers_missing_passes_where_somebody_is_named if outcomes([])["control/signers-missing"] == passed

test_signers_missing_leaves_low_tiers_alone if {
	every releases in [[], [unsigned("a", "low"), unsigned("b", "medium")]] {
		outcomes(nobody(releases))["control/signers-missing"].outcome == "not-applicable"
	}
}

test_signers_missing_missing_keys_fail if {
	every path in [
		"/facts/control/signers", "/facts/control/signers/configured", "/facts/control/signers/releases",
		"/facts/control/signers/releases/0/claims", "/settings/provenance", "/settings/risk",
	] {
		"control/signers-missing" in failures(array.concat(nobody([unsigned("a", "low")]), [drop(path)]))
	}
}
