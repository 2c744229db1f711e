package changegate.checks.control_test

failing_test := {
	"name": "data.team_test.test_x",
	"message": "the test team_test.test_x fails: line 4 does not hold",
	"hint": "Mend the policy or its test.",
	"at": {"file": ".changegate/policies/team_test.rego", "line": 4},
}

untested := failed({"file": ".changegate/policies"}, {
	"problem": "nobody can say whether the tests of own policies hold", "hint": "Run the gate again.",
})

test_policy_test_failed_fires_alone if {
	bad := [put("/facts/control/tests/failing", [failing_test])]
	failures(bad) == {"control/policy-test-failed"}
	details := {"problem": failing_test.message, "hint": failing_test.hint}
	outcomes(bad)["control/policy-test-failed"] == failed(failing_test.at, details)
}

test_policy_test_failed_passes_what_holds if {
	outcomes([])["control/policy-test-failed"] == passed
	outcomes([put("/facts/control/tests/before", [failing_test])])["control/policy-test-failed"] == passed
}

test_policy_test_failed_is_not_applicable_where_no_policy_is_touched if {
	untouched := put("/facts/control/tests", {"status": "absent", "reason": "why"})
	outcomes([untouched])["control/policy-test-failed"] == {"outcome": "not-applicable", "reason": "why"}
	outcomes([unchanged])["control/policy-test-failed"].outcome == "not-applicable"
}

test_policy_test_failed_is_unknown_where_no_test_can_be_run if {
	unavailable := put("/facts/control/tests", {"status": "unavailable", "reason": "why"})
	outcomes([unavailable])["control/policy-test-failed"] == {"outcome": "unknown", "reason": "why"}
}

test_policy_test_failed_missing_facts_fail if {
	every path in ["/facts/control/tests", "/facts/control/tests/status", "/facts/control/tests/failing"] {
		outcomes([drop(path)])["control/policy-test-failed"] == untested
	}
	outcomes([put("/facts/control/tests/failing", [object.remove(failing_test, ["hint"])])])["control/policy-test-failed"] == untested
}
