package changegate.checks.operations_test

test_escalation_missing_fires_alone if fires_alone("escalation", "absent")

test_escalation_missing_passes if outcomes("medium", [])["operations/escalation-missing"] == passed

test_escalation_missing_missing_fails if unvouched_fails("escalation")

test_escalation_missing_without_teams_is_unknown if untold("escalation")
