package changegate.checks.operations_test

test_owner_unknown_fires_alone if {
	fires_alone("owner", "invalid")
	failures("low", [said("owner", "invalid")]) == {"operations/owner-unknown"}
}

test_owner_unknown_passes if outcomes("low", [])["operations/owner-unknown"] == passed

test_owner_unknown_missing_fails if unvouched_fails("owner")

test_owner_unknown_without_teams_is_unknown if untold("owner")
