package changegate.checks.lineage_test

good := {
	"previous": {"status": "present", "how": "identity", "revision": "abc", "file": "models/a.yaml"},
	"release": {"spec": {"version": "2.3.0"}},
	"evidence": {"approvals": {"status": "present"}},
	"change": {"operation": "update", "step": {
		"status": "compared",
		"level": "compatible",
		"made": "patch",
		"next": {"major": "3.0.0", "minor": "2.4.0", "patch": "2.3.1"},
	}},
	"facts": {
		"lineage": {
			"checked": true,
			"version": {"lowered": false, "formKept": true, "ranBefore": false},
			"content": {"sameVersion": true, "parts": [
				{"kind": "artifact", "name": "model", "state": "same", "place": {"path": ["spec", "artifacts", 0]}},
				{"kind": "artifact", "name": "prompt", "state": "same", "place": {"path": ["spec", "artifacts", 1]}},
			]},
			"kin": [],
			"fallen": [],
			"dropped": [],
			"resembles": [],
			"replaces": {"state": "renamed", "identity": "production/old"},
		},
		"approvals": {"roles": {"model-risk": {"members": ["femi"], "approvedBy": [], "candidates": ["femi"]}}},
	},
	"settings": {"lineage": {
		"versionFrom": "medium",
		"renameFrom": "medium",
		"renameRole": "model-risk",
		"droppedFrom": "medium",
		"droppedRole": "model-risk",
		"droppedKinds": ["objective"],
		"majorFor": ["breaking"],
		"minorFor": [],
	}},
}

outcomes(beyond, patches) := result if {
	result := data.changegate.checks.lineage.outcome with input as json.patch(good, patches) with data.changegate.risk.beyond as beyond
}

put(path, value) := {"op": "add", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(path, details) := {"outcome": "failed", "violations": {{"path": path, "details": details}}}

failures(patches) := {id | some id, outcome in outcomes({"critical"}, patches); outcome.outcome == "failed"}

low := {"medium", "high", "critical"}

rules := {
	"lineage/content-changed-under-version", "lineage/rename-undeclared",
	"lineage/replaces-unfounded", "lineage/version-lowered", "lineage/dropped",
	"lineage/version-bump-too-small", "lineage/version-form-changed",
}

by_facts := rules - {"lineage/version-bump-too-small"}

test_good_passes_every_rule if outcomes({"critical"}, []) == {id: passed | some id in rules}

test_no_facts_or_settings_pass_nothing_that_reads_them if {
	failures([drop("/facts")]) == by_facts
	failures([drop("/facts/lineage/checked")]) == by_facts
	failures([drop("/change")]) == {"lineage/version-bump-too-small"}
	failures([drop("/settings")]) == rules - {"lineage/replaces-unfounded"}
	found := data.changegate.checks.lineage.outcome with input as {}
	{id | some id, outcome in found; outcome.outcome == "failed"} == rules
}
