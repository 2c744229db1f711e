package changegate.checks.control_test

at := {"file": ".changegate/teams.yaml", "revision": "head"}

good := {
	"subject": {"kind": "change-set"},
	"change": {"operation": "none"},
	"evidence": {"approvals": {"status": "present"}},
	"facts": {
		"control": {
			"checked": true,
			"changed": [{
				"file": ".changegate/teams.yaml",
				"oldFile": ".changegate/teams.yaml",
				"kind": "teams",
				"operation": "modified",
				"at": at,
			}],
			"invalid": [],
			"tests": {"status": "present", "ran": 1, "failing": [], "before": []},
			"answers": {"status": "present", "asked": 12, "failing": []},
			"unknown": [],
			"waivers": [],
			"signers": {"configured": true, "releases": []},
			"breakGlass": {"authorKnown": true, "alone": false, "entries": [], "dropped": []},
		},
		"approvals": {
			"ageSeconds": {"eve": 60, "femi": 60},
			"undated": [],
			"roles": {
				"platform": {"members": ["eve", "hana"], "approvedBy": ["eve"], "candidates": ["hana"]},
				"model-risk": {"members": ["femi"], "approvedBy": ["femi"], "candidates": []},
			},
		},
	},
	"settings": {
		"approvals": {"maximumAgeSeconds": {"critical": 100}},
		"control": {
			"required": [{"role": "platform", "count": 1}, {"role": "model-risk", "count": 1}],
			"unwaivable": ["approvals/*"],
			"allowedBreakGlassRoles": ["platform"],
			"requiredForBreakGlass": [{"role": "platform", "count": 1}],
			"maximumBreakGlassSeconds": 1000,
			"maximumWaiverSeconds": {"low": 1000, "medium": 1000, "high": 100, "critical": 10},
		},
	},
}

outcomes(patches) := result if {
	result := data.changegate.checks.control.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as "critical"
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(place, details) := {"outcome": "failed", "violations": {{"at": place, "details": details}}}

undetermined := failed({"file": ".changegate"}, {})

removed := failed({"file": ".changegate/config.yaml", "revision": "base"}, {})

failures(patches) := {id | some id, outcome in outcomes(patches); outcome.outcome == "failed"}

rules := {
	"control/changed-without-approval", "control/configuration-removed", "control/invalid", "control/nobody-left",
	"control/policy-test-failed", "control/waiver-not-allowed", "control/name-unknown", "control/signers-missing",
	"control/break-glass-not-allowed", "control/policy-without-answer",
}

unchanged := put("/facts/control/changed", [])

test_good_passes_every_rule if outcomes([]) == {id: passed | some id in rules}

test_no_facts_pass_nothing if {
	every patches in [[drop("/facts")], [drop("/facts/control")]] {
		outcomes(patches) == {
			"control/changed-without-approval": undetermined,
			"control/configuration-removed": removed,
			"control/invalid": undetermined,
			"control/nobody-left": undetermined,
			"control/name-unknown": undetermined,
			"control/break-glass-not-allowed": nobody_knows,
			"control/policy-test-failed": untested,
			"control/policy-without-answer": unasked,
			"control/signers-missing": undetermined,
			"control/waiver-not-allowed": nobody_knows,
		}
	}
	failures([drop("/facts/control/checked")]) == rules
}

test_nothing_changed_asks_nobody if {
	found := outcomes([unchanged, drop("/facts/approvals"), drop("/evidence"), drop("/settings")])
	found["control/changed-without-approval"].outcome == "not-applicable"
	found["control/configuration-removed"] == passed
	found["control/invalid"].outcome == "not-applicable"
	found["control/waiver-not-allowed"].outcome == "not-applicable"
}
