package changegate.checks.lineage_test

import data.changegate.checks.lineage

good := {
	"previous": {"status": "present", "file": "models/a.yaml"},
	"release": {"spec": {"version": "2.3.0"}},
	"evidence": {"approvals": {"status": "present"}},
	"facts": {
		"lineage": {
			"checked": true,
			"version": {"lowered": false, "ranBefore": false},
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

rules := {"lineage/version-lowered", "lineage/rename-undeclared", "lineage/replaces-unfounded"}

test_good_passes_every_rule if outcomes({"critical"}, []) == {id: passed | some id in rules}

test_no_facts_or_settings_pass_nothing_that_reads_them if {
	failures([drop("/facts")]) == rules
	failures([drop("/facts/lineage/checked")]) == rules
	failures([drop("/settings")]) == {"lineage/version-lowered", "lineage/rename-undeclared"}
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
	every path in [
		"/facts/lineage/version", "/facts/lineage/version/lowered", "/previous/status", "/settings/lineage/versionFrom",
	] {
		failures([drop(path)]) == {"lineage/version-lowered"}
	}
	every path in ["/facts/lineage/version/before", "/facts/lineage/version/ranBefore", "/release", "/previous/file"] {
		failures([lowered, drop(path)]) == {"lineage/version-lowered"}
	}
	failures([put("/settings/lineage/versionFrom", "typo")]) == {"lineage/version-lowered"}
}

test_version_lowered_needs_a_previous_release_to_compare_with if {
	every status, outcome in {"absent": "not-applicable", "invalid": "not-applicable", "unavailable": "unknown"} {
		previous := put("/previous", {"status": status, "reason": "why"})
		outcomes({"critical"}, [lowered, previous])["lineage/version-lowered"].outcome == outcome
	}
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
