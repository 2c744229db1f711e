package changegate.findings_test

import data.changegate.conftest
import data.changegate.findings
import data.changegate.gatekeeper

rules := {
	"a/strict": {"title": "It is strict", "severity": "error", "subject": "release", "awaitsApproval": false},
	"a/mild": {"title": "It is mild", "severity": "warning", "subject": "release", "awaitsApproval": false},
	"a/awaited": {"title": "It is approved", "severity": "error", "subject": "release", "awaitsApproval": true},
	"b/other": {"title": "Of another subject", "severity": "error", "subject": "retirement", "awaitsApproval": false},
}

document := {"schemaVersion": 1, "subject": {"kind": "release"}}

passed := {"outcome": "passed"}

good := {"a/strict": passed, "a/mild": {"outcome": "not-applicable", "reason": "r"}, "a/awaited": passed}

finding(key) := {"path": ["spec", key], "details": {"key": key}}

failed(keys) := {"outcome": "failed", "violations": {finding(key) | some key in keys}}

unknown := {"outcome": "unknown", "reason": "nobody knows"}

decided(more) := {"outcomes": object.union(object.remove(good, object.keys(more)), more)}

errors_of(more) := found if {
	found := findings.errors with input as document
		with data.changegate.main.decision as decided(more)
		with data.changegate.catalogue.rules as rules
}

test_all_is_well if {
	errors := errors_of({})
	count(errors) == 0
}

test_every_violation_is_an_error if {
	errors := errors_of({"a/strict": failed({"x", "y"})})
	msg := "a/strict does not hold: It is strict"
	meant := {"msg": msg, "rule": "a/strict", "status": "failed", "severity": "error", "awaitsApproval": false}
	errors == {object.union(meant, finding("x")), object.union(meant, finding("y"))}
}

test_an_unknown_is_an_error if {
	errors := errors_of({"a/awaited": unknown})
	errors == {{
		"msg": "a/awaited is unknown: nobody knows",
		"rule": "a/awaited",
		"status": "unknown",
		"severity": "error",
		"awaitsApproval": true,
		"path": [],
	}}
}

test_warnings_are_apart if {
	more := {"a/mild": failed({"x"})}
	errors := errors_of(more)
	count(errors) == 0
	warnings := findings.warnings with input as document
		with data.changegate.main.decision as decided(more)
		with data.changegate.catalogue.rules as rules
	{warning.rule | some warning in warnings} == {"a/mild"}
}

test_an_outcome_that_nobody_knows_is_an_error if {
	every outcome in [{"outcome": "fine"}, {}, {"outcome": 1}] {
		errors := errors_of({"a/strict": outcome})
		{error.msg | some error in errors} == {"a/strict is unknown: the outcome is malformed"}
	}
}

test_a_rule_that_nobody_knows_is_an_error if {
	errors := errors_of({"c/new": failed({"x"})})
	{error.rule | some error in errors} == {"c/new"}
}

test_a_rule_without_an_outcome_is_an_error if {
	errors := findings.errors with input as document
		with data.changegate.main.decision as {"outcomes": object.remove(good, {"a/strict"})}
		with data.changegate.catalogue.rules as rules
	{error.msg | some error in errors} == {"the rule a/strict has no outcome"}
}

messages(other) := {error.msg | some error in errors} if {
	errors := findings.errors with input as other
		with data.changegate.catalogue.rules as rules
}

test_a_document_that_is_none_of_ours_is_an_error if {
	others := [{}, {"kind": "ModelRelease"}, {"schemaVersion": 1}, {"schemaVersion": 2, "subject": {"kind": "release"}}]
	every other in others { "the input is not a changegate input document" in messages(other) }
}

test_without_a_catalogue_nothing_is_well if {
	errors := findings.errors with input as document
		with data.changegate.main.decision as decided({})
		with data.changegate.catalogue.rules as {}
	{error.rule | some error in errors} == {"decision"}
}

test_conftest_is_given_both if {
	more := {"a/strict": failed({"x"}), "a/mild": failed({"y"})}
	denied := conftest.deny with input as document
		with data.changegate.main.decision as decided(more)
		with data.changegate.catalogue.rules as rules
	warned := conftest.warn with input as document
		with data.changegate.main.decision as decided(more)
		with data.changegate.catalogue.rules as rules
	{one.rule | some one in denied} == {"a/strict"}
	{one.rule | some one in warned} == {"a/mild"}
}

reviewed(parameters) := {rule |
	more := {"a/strict": failed({"x"}), "a/mild": failed({"y"})}
	review := {"review": {"object": {"spec": document}}, "parameters": parameters}
	violations := gatekeeper.violation with input as review
		with data.changegate.main.decision as decided(more)
		with data.changegate.catalogue.rules as rules
	some one in violations
	rule := one.details.rule
}

test_gatekeeper_counts_warnings_where_it_is_told_to if {
	reviewed({}) == {"a/strict"}
	reviewed({"warnings": false}) == {"a/strict"}
	reviewed({"warnings": true}) == {"a/strict", "a/mild"}
}

test_gatekeeper_refuses_an_object_without_a_document if {
	violations := gatekeeper.violation with input as {"review": {"object": {"kind": "Pod"}}}
		with data.changegate.catalogue.rules as rules
	{one.msg | some one in violations} == {"the input is not a changegate input document"}
}

test_gatekeeper_takes_the_input_where_nothing_is_under_review if {
	violations := gatekeeper.violation with input as document
		with data.changegate.main.decision as decided({"a/strict": failed({"x"})})
		with data.changegate.catalogue.rules as rules
	{one.details.rule | some one in violations} == {"a/strict"}
}
