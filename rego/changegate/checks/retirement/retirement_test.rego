package changegate.checks.retirement_test

import data.changegate.checks.retirement

good := {
	"subject": {"kind": "retirement", "identity": {"environment": "production", "name": "old", "variant": "main"}},
	"change": {"operation": "retire"},
	"evidence": {"approvals": {"status": "present"}},
	"facts": {
		"retirement": {"checked": true, "dependants": []},
		"approvals": {"roles": {"owner": {"members": ["ana", "bo"], "approvedBy": ["ana"], "candidates": ["bo"]}}},
	},
	"settings": {"retirement": {"required": {"low": [], "high": [{"role": "owner", "count": 1}]}}},
}

outcomes(tier, patches) := result if {
	result := retirement.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(path, details) := {"outcome": "failed", "violations": {{"path": path, "details": details}}}

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

name_path := ["metadata", "name"]

rules := {"retirement/still-depended-on", "retirement/not-approved"}

test_good_passes_every_rule if outcomes("high", []) == {id: passed | some id in rules}

test_no_facts_or_settings_pass_nothing_that_reads_them if {
	failures("high", [drop("/facts")]) == rules
	failures("high", [drop("/settings")]) == {"retirement/not-approved"}
	failures("none", []) == {"retirement/not-approved"}
}

place(file) := {"file": file, "revision": "head", "line": 4, "column": 3}

depended(places) := put("/facts/retirement/dependants", [{"identity": "new", "at": at} | some at in places])

test_still_depended_on_fires_alone if {
	one := [depended([place("new.yaml")])]
	failures("high", one) == {"retirement/still-depended-on"}
	outcomes("high", one)["retirement/still-depended-on"] == {"outcome": "failed", "violations": {{
		"at": place("new.yaml"),
		"details": {"file": "new.yaml", "retired": "old"},
	}}}
}

test_still_depended_on_fires_at_every_place if {
	found := outcomes("high", [depended([place("a.yaml"), place("b.yaml")])])["retirement/still-depended-on"]
	{one.at.file | some one in found.violations} == {"a.yaml", "b.yaml"}
}

test_still_depended_on_passes_where_nothing_does if outcomes("low", [])["retirement/still-depended-on"] == passed

test_still_depended_on_missing_facts_fail if {
	every path in ["/facts/retirement", "/facts/retirement/checked", "/facts/retirement/dependants"] {
		outcomes("high", [drop(path)])["retirement/still-depended-on"] == failed(name_path, {})
	}
	incomplete := [depended([place("a.yaml")]), drop("/facts/retirement/dependants/0/at")]
	outcomes("high", incomplete)["retirement/still-depended-on"] == failed(name_path, {})
}

test_not_approved_fires_alone if {
	nobody := [put("/facts/approvals/roles/owner/approvedBy", []), put("/facts/approvals/roles/owner/candidates", ["ana", "bo"])]
	failures("high", nobody) == {"retirement/not-approved"}
	outcomes("high", nobody)["retirement/not-approved"] == failed(
		["metadata", "owner"],
		{"role": "owner", "neededCount": 1, "approvedBy": [], "candidates": ["ana", "bo"]},
	)
}

test_not_approved_passes_with_as_many_as_are_needed if outcomes("high", [])["retirement/not-approved"] == passed

test_not_approved_asks_nobody_at_a_low_tier if {
	outcomes("low", [drop("/facts/approvals")])["retirement/not-approved"].outcome == "not-applicable"
}

test_not_approved_missing_facts_fail if {
	every path in [
		"/evidence/approvals/status", "/facts/approvals", "/facts/approvals/roles/owner", "/facts/approvals/roles/owner/approvedBy",
		"/settings/retirement/required/high", "/settings/retirement/required/high/0/count", "/settings/retirement/required/high/0/role",
	] {
		"retirement/not-approved" in failures("high", [drop(path)])
	}
}

test_not_approved_is_unknown_without_approvals_to_believe if {
	every status in ["unavailable", "invalid"] {
		found := outcomes("high", [put("/evidence/approvals", {"status": status, "reason": "why"})])
		found["retirement/not-approved"] == {"outcome": "unknown", "reason": "why"}
	}
}
