package changegate.checks.risk_test

import data.changegate.checks.risk

good := {
	"previous": {"status": "present"},
	"evidence": {"approvals": {"status": "present"}},
	"facts": {
		"risk": {
			"claims": {"tier": "medium", "exposure": "production", "affectsUsers": true, "safetyCritical": false},
			"previous": {"tier": "medium", "exposure": "production", "affectsUsers": true, "safetyCritical": false},
			"unstated": [],
			"intendedUse": {"stated": true, "changed": false, "before": "Sorts a queue."},
		},
		"approvals": {"roles": {"model-risk": {"members": ["femi"], "approvedBy": ["femi"], "candidates": []}}},
	},
	"settings": {"risk": {
		"floors": [
			{"when": {"safetyCritical": true}, "tier": "critical", "reason": "it can hurt"},
			{"when": {"exposure": "production", "affectsUsers": true}, "tier": "medium", "reason": "users in production"},
		],
		"intendedUseFrom": "medium",
		"intendedUseRole": "model-risk",
	}},
}

outcomes(patches) := result if {
	result := risk.outcome with input as json.patch(good, patches)
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(path, details) := {"outcome": "failed", "violations": {{"path": path, "details": details}}}

failures(patches) := {id | some id, outcome in outcomes(patches); outcome.outcome == "failed"}

tier_path := ["spec", "risk", "tier"]

use_path := ["spec", "intendedUse"]

name_path := ["metadata", "name"]

# A changed use that is approved: every rule applies, and passes.
changed := put("/facts/risk/intendedUse/changed", true)

rules := {
	"risk/missing", "risk/tier-understated", "risk/tier-lowered",
	"risk/intended-use-missing", "risk/intended-use-changed", "risk/previous-unreadable",
}

test_good_passes_every_rule if outcomes([changed]) == {id: passed | some id in rules}

test_no_facts_pass_nothing_but_that_the_previous_release_is_read if {
	failures([drop("/facts")]) == rules - {"risk/previous-unreadable"}
	failures([drop("/facts/risk")]) == rules - {"risk/previous-unreadable"}
}

test_no_input_passes_nothing if {
	found := risk.outcome with input as {}
	{id | some id, outcome in found; outcome.outcome == "failed"} == rules
}

test_missing_fires_alone if {
	unstated := [put("/facts/risk/unstated", ["personalData", "regulated"])]
	failures(unstated) == {"risk/missing"}
	outcomes(unstated)["risk/missing"] == failed(["spec", "risk"], {"unstated": ["personalData", "regulated"]})
}

test_missing_passes_where_all_is_stated if outcomes([])["risk/missing"] == passed

test_missing_missing_facts_fail if {
	outcomes([drop("/facts/risk/unstated")])["risk/missing"] == failed(["spec", "risk"], {})
	outcomes([drop("/facts/risk")])["risk/missing"] == failed(["spec", "risk"], {})
}

understated := [
	put("/facts/risk/claims/safetyCritical", true),
	put("/facts/risk/previous/tier", "critical"),
]

test_tier_understated_fires_alone if {
	failures(understated) == {"risk/tier-understated"}
	outcomes(understated)["risk/tier-understated"] == failed(
		tier_path,
		{"claimed": "medium", "tier": "critical", "reasons": ["it can hurt"]},
	)
}

test_tier_understated_fires_below_the_inventory if {
	listed := [{"op": "add", "path": "/facts/risk/inventory", "value": {"tier": "high"}}]
	failures(listed) == {"risk/tier-understated"}
	outcomes(listed)["risk/tier-understated"] == failed(
		tier_path,
		{"claimed": "medium", "tier": "high", "reasons": ["the inventory says so"]},
	)
}

test_tier_understated_passes_at_and_above_the_floor if {
	outcomes([])["risk/tier-understated"] == passed
	outcomes([put("/facts/risk/claims/tier", "critical")])["risk/tier-understated"] == passed
}

test_tier_understated_missing_claims_or_floors_fail if {
	outcomes([drop("/facts/risk/claims/tier")])["risk/tier-understated"] == failed(tier_path, {})
	"risk/tier-understated" in failures([drop("/facts/risk/claims")])
	"risk/tier-understated" in failures([drop("/facts/risk/claims/safetyCritical")])
	"risk/tier-understated" in failures([drop("/settings/risk/floors")])
	"risk/tier-understated" in failures([put("/settings/risk/floors", [])])
	"risk/tier-understated" in failures([drop("/settings/risk/floors/0/when")])
}

test_tier_lowered_fires_alone if {
	lowered := [put("/facts/risk/previous/tier", "high")]
	failures(lowered) == {"risk/tier-lowered"}
	outcomes(lowered)["risk/tier-lowered"] == failed(tier_path, {"claimed": "medium", "tier": "high"})
}

test_tier_lowered_fires_where_the_facts_were_lowered if {
	failures([put("/facts/risk/previous/safetyCritical", true)]) == {"risk/tier-lowered"}
}

test_tier_lowered_passes_where_it_stays_or_rises if {
	outcomes([])["risk/tier-lowered"] == passed
	outcomes([put("/facts/risk/previous/tier", "low")])["risk/tier-lowered"] == passed
	outcomes([put("/facts/risk/claims/tier", "critical")])["risk/tier-lowered"] == passed
}

test_tier_lowered_missing_previous_claims_fail if {
	outcomes([drop("/facts/risk/previous")])["risk/tier-lowered"] == failed(tier_path, {"claimed": "medium", "tier": "medium"})
	"risk/tier-lowered" in failures([drop("/facts/risk/previous/tier")])
	"risk/tier-lowered" in failures([drop("/previous/status")])
	"risk/tier-lowered" in failures([drop("/facts/risk/claims"), drop("/facts/risk/previous")])
}

test_tier_lowered_depends_on_the_previous_release if {
	outcomes([put("/previous", {"status": "absent", "reason": "none"})])["risk/tier-lowered"].outcome == "not-applicable"
	unavailable := put("/previous", {"status": "unavailable", "reason": "why"})
	outcomes([unavailable])["risk/tier-lowered"] == {"outcome": "unknown", "reason": "why"}
	unreadable := put("/previous", {"status": "invalid", "reason": "why"})
	outcomes([unreadable])["risk/tier-lowered"].outcome == "not-applicable"
	failures([unreadable]) == {"risk/previous-unreadable"}
}

test_intended_use_missing_fires_alone if {
	without := [put("/facts/risk/intendedUse/stated", false)]
	failures(without) == {"risk/intended-use-missing"}
	outcomes(without)["risk/intended-use-missing"] == failed(use_path, {})
}

test_intended_use_missing_passes_what_states_it if outcomes([])["risk/intended-use-missing"] == passed

test_intended_use_missing_missing_facts_fail if {
	outcomes([drop("/facts/risk/intendedUse")])["risk/intended-use-missing"] == failed(use_path, {})
	failures([drop("/facts/risk/intendedUse/stated")]) == {"risk/intended-use-missing"}
}

test_intended_use_is_asked_from_its_tier_on if {
	later := put("/settings/risk/intendedUseFrom", "high")
	bad := [put("/facts/risk/intendedUse", {}), later]
	outcomes(bad)["risk/intended-use-missing"].outcome == "not-applicable"
	outcomes(bad)["risk/intended-use-changed"].outcome == "not-applicable"
	failures([put("/facts/risk/intendedUse", {}), drop("/settings/risk/intendedUseFrom")]) == {
		"risk/intended-use-missing", "risk/intended-use-changed",
	}
}

unapproved := [
	changed,
	put("/facts/approvals/roles/model-risk", {"members": ["femi", "gus"], "approvedBy": [], "candidates": ["femi", "gus"]}),
]

test_intended_use_changed_fires_alone if {
	failures(unapproved) == {"risk/intended-use-changed"}
	outcomes(unapproved)["risk/intended-use-changed"] == failed(
		use_path,
		{"role": "model-risk", "candidates": ["femi", "gus"]},
	)
}

test_intended_use_changed_fires_where_nobody_has_the_role if {
	nobody := [changed, put("/facts/approvals/roles", {})]
	outcomes(nobody)["risk/intended-use-changed"] == failed(use_path, {"role": "model-risk", "candidates": []})
}

test_intended_use_changed_fires_where_approvals_are_not_believed if {
	"risk/intended-use-changed" in failures([changed, put("/evidence/approvals/status", "invalid")])
}

test_intended_use_changed_passes_what_is_approved if {
	outcomes([changed])["risk/intended-use-changed"] == passed
	outcomes([])["risk/intended-use-changed"].outcome == "not-applicable"
}

test_intended_use_changed_missing_facts_fail if {
	"risk/intended-use-changed" in failures([drop("/facts/risk/intendedUse/changed")])
	every path in [
		"/facts/approvals", "/facts/approvals/roles", "/facts/approvals/roles/model-risk/approvedBy",
		"/evidence/approvals/status", "/settings/risk/intendedUseRole",
	] {
		"risk/intended-use-changed" in failures([changed, drop(path)])
	}
}

test_intended_use_changed_is_unknown_without_approvals if {
	unavailable := put("/evidence/approvals", {"status": "unavailable", "reason": "why"})
	outcomes([changed, unavailable])["risk/intended-use-changed"] == {"outcome": "unknown", "reason": "why"}
}

test_previous_unreadable_fires_alone if {
	unreadable := [put("/previous", {"status": "invalid", "reason": "why"})]
	failures(unreadable) == {"risk/previous-unreadable"}
	outcomes(unreadable)["risk/previous-unreadable"] == failed(name_path, {"reason": "why"})
}

test_previous_unreadable_passes_what_is_there_and_what_never_was if {
	outcomes([])["risk/previous-unreadable"] == passed
	outcomes([put("/previous", {"status": "absent", "reason": "none"})])["risk/previous-unreadable"] == passed
}

test_previous_unreadable_missing_status_fails if {
	outcomes([drop("/previous/status")])["risk/previous-unreadable"] == failed(name_path, {})
	outcomes([drop("/previous")])["risk/previous-unreadable"] == failed(name_path, {})
}
