package changegate.checks.retirement_test

good := {
	"subject": {"kind": "retirement", "identity": {"environment": "production", "name": "old", "variant": "main"}},
	"change": {"operation": "retire"},
	"evidence": {"approvals": {"status": "present"}},
	"facts": {
		"retirement": {"checked": true, "dependants": []},
		"approvals": {
			"ageSeconds": {"ana": 60},
			"undated": [],
			"roles": {"owner": {"members": ["ana", "bo"], "approvedBy": ["ana"], "candidates": ["bo"]}},
		},
	},
	"settings": {"approvals": {"maximumAgeSeconds": {"high": 100}, "onePersonPerRole": {"high": false}}, "retirement": {"required": {"low": [], "high": [{"role": "owner", "count": 1}]}}},
}

outcomes(tier, patches) := result if {
	result := data.changegate.checks.retirement.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(path, details) := {"outcome": "failed", "violations": {{"path": path, "details": details}}}

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

rules := {"retirement/still-depended-on", "retirement/not-approved", "retirement/nobody-left"}

test_good_passes_every_rule if outcomes("high", []) == {id: passed | some id in rules}

test_no_facts_or_settings_pass_nothing_that_reads_them if {
	failures("high", [drop("/facts")]) == rules
	failures("high", [drop("/settings")]) == {"retirement/not-approved", "retirement/nobody-left"}
	failures("none", []) == {"retirement/not-approved", "retirement/nobody-left"}
}
