package changegate.checks.control_test

endless := {
	"message": "for the release fraud-detector there is no answer: deny of the policy package team: it took more than 10 seconds",
	"hint": "make the policy do less for one release",
	"at": {"file": ".changegate/policies/team.rego", "line": 3},
}

unasked := failed({"file": ".changegate/policies"}, {
	"problem": "nobody can say whether own policies answer", "hint": "run the gate again",
})

test_policy_without_answer_fires_alone if {
	bad := [put("/facts/control/answers/failing", [endless])]
	failures(bad) == {"control/policy-without-answer"}
	details := {"problem": endless.message, "hint": endless.hint}
	outcomes(bad)["control/policy-without-answer"] == failed(endless.at, details)
}

test_policy_without_answer_passes_what_answers if {
	outcomes([])["control/policy-without-answer"] == passed
}

test_policy_without_answer_is_not_applicable_where_no_policy_is_asked if {
	untouched := put("/facts/control/answers", {"status": "absent", "reason": "why"})
	outcomes([untouched])["control/policy-without-answer"] == {"outcome": "not-applicable", "reason": "why"}
	outcomes([unchanged])["control/policy-without-answer"].outcome == "not-applicable"
}

test_policy_without_answer_is_unknown_where_nobody_can_ask if {
	unavailable := put("/facts/control/answers", {"status": "unavailable", "reason": "why"})
	outcomes([unavailable])["control/policy-without-answer"] == {"outcome": "unknown", "reason": "why"}
}

test_policy_without_answer_missing_facts_fail if {
	every path in ["/facts/control/answers", "/facts/control/answers/status", "/facts/control/answers/failing"] {
		outcomes([drop(path)])["control/policy-without-answer"] == unasked
	}
	outcomes([put("/facts/control/answers/failing", [object.remove(endless, ["hint"])])])["control/policy-without-answer"] == unasked
}
