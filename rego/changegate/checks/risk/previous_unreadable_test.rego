package changegate.checks.risk_test

name_path := ["metadata", "name"]

test_previous_unreadable_fires_alone if {
	unreadable := [put("/previous", {"status": "invalid", "reason": "why"})]
	failures(unreadable) == {"risk/previous-unreadable"}
	outcomes(unreadable)["risk/previous-unreadable"] == failed(name_path, {"reason": "why"})
}

test_previous_unreadable_passes_what_is_there_and_what_never_was if {
	outcomes([])["risk/previous-unreadable"] == passed
	outcomes([put("/previous", {"status": "absent", "reason": "none"})])["risk/previous-unreadable"] == passed
}

test_previous_unreadable_missing_status_fails if {
	outcomes([drop("/previous/status")])["risk/previous-unreadable"] == failed(name_path, {})
	outcomes([drop("/previous")])["risk/previous-unreadable"] == failed(name_path, {})
}
