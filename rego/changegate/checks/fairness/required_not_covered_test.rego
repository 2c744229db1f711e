package changegate.checks.fairness_test

required_rule := "fairness/required-not-covered"

test_required_not_covered_fires_alone_for_a_group_that_is_left_out if {
	changed := [fact("/required/0/status", "left-out"), fact("/required/0/said", "female of sex is left out")]
	failures("high", changed) == {required_rule}
	outcomes("high", changed)[required_rule] == failed(
		at(["groups", 0, "group"]),
		{"said": "female of sex is left out", "reason": "left out", "minimumCount": 300},
	)
}

test_required_not_covered_fires_alone_for_what_is_not_there if {
	failures("high", [fact("/required", [{"item": "sex", "status": "not-there", "said": "sex is not measured", "place": block}])]) == {required_rule}
}

test_required_not_covered_fires_alone_for_too_few if failures("high", [fact("/required/0/sampleCount", 299)]) == {required_rule}

test_required_not_covered_fires_alone_where_too_little_is_known if {
	failures("high", [fact("/required/1/knownRatio", 0.89)]) == {required_rule}
}

test_required_not_covered_passes_where_all_is_measured if outcomes("high", [])[required_rule] == passed

test_required_not_covered_passes_where_nothing_is_asked_for if {
	asked := [put("/settings/fairness/requiredAttributes", []), fact("/required", [])]
	outcomes("high", asked)[required_rule].outcome == "not-applicable"
}

test_required_not_covered_missing_facts_fail if {
	every key in ["/required/0/status", "/required/0/sampleCount", "/required/1/knownRatio", "/required"] {
		failures("high", [drop(concat("", ["/facts/fairness", key]))]) == {required_rule}
	}
	required_rule in failures("high", [drop("/settings/fairness/requiredAttributes")])
}
