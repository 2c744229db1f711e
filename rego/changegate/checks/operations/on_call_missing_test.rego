package changegate.checks.operations_test

test_on_call_missing_fires_alone if {
	fires_alone("onCall", "absent")
	fires_alone("onCall", "invalid")
}

test_on_call_missing_passes if outcomes("medium", [])["operations/on-call-missing"] == passed

test_on_call_missing_missing_fails if unvouched_fails("onCall")

test_on_call_missing_without_teams_is_unknown if untold("onCall")
