package changegate.checks.operations_test

test_owner_unknown_fires_alone if {
	failures("high", [said("owner", "invalid")]) == {"operations/owner-unknown"}
	outcomes("high", [said("owner", "invalid")])["operations/owner-unknown"] == {"outcome": "failed", "violations": {{
		"path": ["metadata", "owner"],
		"details": {"reason": "why"},
		"related": [{
			"message": "the teams and roles",
			"at": {"file": ".changegate/teams.yaml", "revision": "base", "path": []},
		}],
	}}}
	failures("low", [said("owner", "invalid")]) == {"operations/owner-unknown"}
}

test_owner_unknown_passes if outcomes("low", [])["operations/owner-unknown"] == passed

test_owner_unknown_missing_fails if unvouched_fails("owner")

test_owner_unknown_without_teams_is_unknown if untold("owner")
