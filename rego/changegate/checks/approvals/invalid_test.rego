package changegate.checks.approvals_test

not_believed := [put("/evidence/approvals", {"status": "invalid", "reason": "they are of pull request 7"})]

test_invalid_fires_beside_what_is_missing_then if {
	failures("high", not_believed) == {"approvals/invalid", "approvals/missing"}
	outcomes("high", not_believed)["approvals/invalid"] == failed({"reason": "they are of pull request 7"})
}

test_invalid_passes_what_can_be_believed if outcomes("high", [])["approvals/invalid"] == passed

test_invalid_missing_status_fails if {
	"approvals/invalid" in failures("high", [drop("/evidence/approvals/status")])
	outcomes("high", [put("/evidence/approvals", {"status": "absent"})])["approvals/invalid"] == failed({})
}
