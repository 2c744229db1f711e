package changegate.checks.lineage_test

import data.changegate.checks.lineage

good := {
	"previous": {"status": "present", "how": "identity", "revision": "abc", "file": "models/a.yaml"},
	"release": {"spec": {"version": "2.3.0"}},
	"evidence": {"approvals": {"status": "present"}},
	"facts": {
		"lineage": {
			"checked": true,
			"version": {"lowered": false, "ranBefore": false},
			"content": {"sameVersion": true, "parts": [
				{"kind": "artifact", "name": "model", "state": "same", "place": {"path": ["spec", "artifacts", 0]}},
				{"kind": "artifact", "name": "prompt", "state": "same", "place": {"path": ["spec", "artifacts", 1]}},
			]},
			"resembles": [],
			"replaces": {"state": "renamed", "identity": "production/old"},
		},
		"approvals": {"roles": {"model-risk": {"members": ["femi"], "approvedBy": [], "candidates": ["femi"]}}},
	},
	"settings": {"lineage": {"versionFrom": "medium", "renameFrom": "medium", "renameRole": "model-risk"}},
}

outcomes(beyond, patches) := result if {
	result := lineage.outcome with input as json.patch(good, patches) with data.changegate.risk.beyond as beyond
}

put(path, value) := {"op": "add", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(path, details) := {"outcome": "failed", "violations": {{"path": path, "details": details}}}

failures(patches) := {id | some id, outcome in outcomes({"critical"}, patches); outcome.outcome == "failed"}

low := {"medium", "high", "critical"}

name_path := ["metadata", "name"]

rules := {
	"lineage/content-changed-under-version", "lineage/rename-undeclared",
	"lineage/replaces-unfounded", "lineage/version-lowered",
}

by_version := {"lineage/content-changed-under-version", "lineage/version-lowered"}

test_good_passes_every_rule if outcomes({"critical"}, []) == {id: passed | some id in rules}

test_no_facts_or_settings_pass_nothing_that_reads_them if {
	failures([drop("/facts")]) == rules
	failures([drop("/facts/lineage/checked")]) == rules
	failures([drop("/settings")]) == rules - {"lineage/replaces-unfounded"}
	found := lineage.outcome with input as {}
	{id | some id, outcome in found; outcome.outcome == "failed"} == rules
}

lowered := put("/facts/lineage/version", {"lowered": true, "ranBefore": false, "before": "2.4.0"})

test_version_lowered_fires_alone if {
	failures([lowered]) == {"lineage/version-lowered"}
	details := {"version": "2.3.0", "previous": "2.4.0", "file": "models/a.yaml"}
	outcomes({"critical"}, [lowered])["lineage/version-lowered"] == failed(["spec", "version"], details)
}

test_version_lowered_passes_a_return_to_what_ran if {
	returned := put("/facts/lineage/version/ranBefore", true)
	outcomes({"critical"}, [lowered, returned])["lineage/version-lowered"] == passed
	outcomes(low, [lowered])["lineage/version-lowered"].outcome == "not-applicable"
}

test_version_lowered_missing_facts_fail if {
	every path in ["/facts/lineage/version", "/facts/lineage/version/lowered"] {
		failures([drop(path)]) == {"lineage/version-lowered"}
	}
	every path in ["/previous/status", "/settings/lineage/versionFrom"] { failures([drop(path)]) == by_version }
	every path in ["/facts/lineage/version/before", "/facts/lineage/version/ranBefore", "/release", "/previous/file"] {
		failures([lowered, drop(path)]) == {"lineage/version-lowered"}
	}
	failures([put("/settings/lineage/versionFrom", "typo")]) == by_version
}

test_version_lowered_needs_a_previous_release_to_compare_with if {
	every status, outcome in {"absent": "not-applicable", "invalid": "not-applicable", "unavailable": "unknown"} {
		previous := put("/previous", {"status": status, "reason": "why"})
		outcomes({"critical"}, [lowered, previous])["lineage/version-lowered"].outcome == outcome
	}
}

content_rule := "lineage/content-changed-under-version"

at(state, path) := json.patch(
	{"kind": "artifact", "name": "model", "place": {"path": path}},
	[put("/state", state)],
)

another(state) := put("/facts/lineage/content/parts/0", at(state, ["spec", "artifacts", 0, "digest"]))

replaced(state) := {"op": "replace", "path": "/facts/lineage/content/parts/0/state", "value": state}

states := {
	"added", "algorithm", "digest", "form", "hosted", "moved", "removed",
	"repinned", "resized", "rewritten", "role", "unbound",
}

test_content_changed_under_version_fires_alone if {
	failures([another("digest")]) == {content_rule}
	outcomes({"critical"}, [another("digest")])[content_rule] == failed(["spec", "artifacts", 0, "digest"], {
		"kind": "artifact",
		"name": "model",
		"problem": "has another digest",
		"version": "2.3.0",
		"revision": "abc",
		"file": "models/a.yaml",
	})
}

test_content_changed_under_version_fires_for_whatever_is_not_the_same if {
	every state in states | {"typo"} {
		found := outcomes({"critical"}, [replaced(state)])[content_rule]
		[one.path | some one in found.violations] == [["spec", "artifacts", 0]]
	}
	problems := {one.details.problem |
		some state in states
		some one in outcomes({"critical"}, [replaced(state)])[content_rule].violations
	}
	count(problems) == count(states)
	count(outcomes({"critical"}, [another("digest"), another("added")])[content_rule].violations) == 2
}

test_content_changed_under_version_passes_only_where_all_is_the_same if {
	outcomes({"critical"}, [])[content_rule] == passed
	other := put("/facts/lineage/content", {"sameVersion": false, "parts": []})
	outcomes({"critical"}, [other])[content_rule].outcome == "not-applicable"
	outcomes({"critical"}, [another("digest"), put("/previous/how", "tag")])[content_rule].outcome == "failed"
	outcomes({"critical"}, [another("digest"), put("/previous/how", "replaces")])[content_rule].outcome == "not-applicable"
	outcomes(low, [another("digest")])[content_rule].outcome == "not-applicable"
}

test_content_changed_under_version_needs_a_previous_release_to_compare_with if {
	every status, outcome in {"absent": "not-applicable", "invalid": "not-applicable", "unavailable": "unknown"} {
		previous := put("/previous", {"status": status, "reason": "why"})
		outcomes({"critical"}, [another("digest"), previous])[content_rule].outcome == outcome
	}
}

test_content_changed_under_version_missing_facts_fail if {
	every path in ["", "/sameVersion", "/parts", "/parts/1/state"] {
		failures([drop(concat("", ["/facts/lineage/content", path]))]) == {content_rule}
	}
	failures([put("/facts/lineage/content/parts", [])]) == {content_rule}
	every path in [
		"/release", "/previous/file", "/previous/revision",
		"/facts/lineage/content/parts/0/name", "/facts/lineage/content/parts/0/kind",
	] {
		outcomes({"critical"}, [another("digest"), drop(path)])[content_rule] == failed(["spec", "version"], {})
	}
	placeless := outcomes({"critical"}, [another("digest"), drop("/facts/lineage/content/parts/0/place")])[content_rule]
	[one.path | some one in placeless.violations] == [["spec", "artifacts"]]
}

alike(tier) := put("/facts/lineage/resembles", [{"identity": "production/old", "tier": tier, "shares": ["its file"]}])

unnamed := {"identity": "production/old", "shares": ["its file"], "role": "model-risk", "candidates": ["femi"]}

test_rename_undeclared_fires_alone if {
	failures([alike("high")]) == {"lineage/rename-undeclared"}
	outcomes({"critical"}, [alike("high")])["lineage/rename-undeclared"] == failed(name_path, unnamed)
}

test_rename_undeclared_fires_for_a_new_release_that_claims_a_low_tier if {
	outcomes(low, [alike("high")])["lineage/rename-undeclared"] == failed(name_path, unnamed)
	outcomes(low, [alike("none")])["lineage/rename-undeclared"].outcome == "failed"
}

test_rename_undeclared_fires_for_a_high_tier_that_looks_like_a_low_one if {
	failures([alike("low")]) == {"lineage/rename-undeclared"}
}

test_rename_undeclared_passes_what_is_approved if {
	approved := put("/facts/approvals/roles/model-risk/approvedBy", ["femi"])
	outcomes({"critical"}, [alike("high"), approved])["lineage/rename-undeclared"] == passed
	failures([alike("high"), approved, put("/evidence/approvals/status", "invalid")]) == {"lineage/rename-undeclared"}
}

test_rename_undeclared_asks_nothing_of_two_low_tiers if {
	outcomes(low, [alike("low")])["lineage/rename-undeclared"].outcome == "not-applicable"
}

test_rename_undeclared_is_unknown_without_approvals if {
	unavailable := put("/evidence/approvals", {"status": "unavailable", "reason": "why"})
	found := outcomes({"critical"}, [alike("high"), unavailable])["lineage/rename-undeclared"]
	found == {"outcome": "unknown", "reason": "why"}
	outcomes({"critical"}, [unavailable])["lineage/rename-undeclared"] == passed
}

test_rename_undeclared_missing_facts_fail if {
	every path in ["/facts/lineage/resembles", "/settings/lineage/renameFrom"] {
		failures([drop(path)]) == {"lineage/rename-undeclared"}
	}
	approved := put("/facts/approvals/roles/model-risk/approvedBy", ["femi"])
	every path in ["/facts/approvals", "/settings/lineage/renameRole", "/settings/lineage/renameFrom", "/evidence"] {
		failures([alike("high"), approved, drop(path)]) == {"lineage/rename-undeclared"}
	}
	failures([put("/settings/lineage/renameFrom", "typo")]) == {"lineage/rename-undeclared"}
}

stated(state) := put("/facts/lineage/replaces/state", state)

test_replaces_unfounded_fires_alone if {
	every state in ["never-was", "still-there", "claimed-twice"] {
		failures([stated(state)]) == {"lineage/replaces-unfounded"}
		found := outcomes({"critical"}, [stated(state)])["lineage/replaces-unfounded"].violations
		{one.path | some one in found} == {["metadata", "replaces"]}
		{one.details.identity | some one in found} == {"production/old"}
	}
}

test_replaces_unfounded_passes_a_rename_and_asks_nothing_of_others if {
	outcomes({"critical"}, [])["lineage/replaces-unfounded"] == passed
	every state in ["none", "settled"] {
		outcomes({"critical"}, [stated(state)])["lineage/replaces-unfounded"].outcome == "not-applicable"
	}
}

test_replaces_unfounded_missing_facts_fail if {
	every path in ["/facts/lineage/replaces", "/facts/lineage/replaces/state"] {
		outcomes({"critical"}, [drop(path)])["lineage/replaces-unfounded"] == failed(["metadata", "replaces"], {})
	}
	failures([stated("other")]) == {"lineage/replaces-unfounded"}
	failures([stated("still-there"), drop("/facts/lineage/replaces/identity")]) == {"lineage/replaces-unfounded"}
}
