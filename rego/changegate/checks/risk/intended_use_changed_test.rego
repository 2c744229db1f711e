package changegate.checks.risk_test

import data.changegate.lib_test

unapproved := [
	changed,
	put("/facts/approvals/roles/model-risk", {"members": ["femi", "gus"], "approvedBy": [], "candidates": ["femi", "gus"]}),
]

test_intended_use_changed_fires_alone if {
	failures(unapproved) == {"risk/intended-use-changed"}
	outcomes(unapproved)["risk/intended-use-changed"] == lib_test.seen_with(
		failed(
			use_path,
			{"role": "model-risk", "candidates": ["femi", "gus"]},
		),
		[lib_test.before(use_path)],
	)
}

test_intended_use_changed_fires_where_nobody_has_the_role if {
	nobody := [changed, put("/facts/approvals/roles", {})]
	outcomes(nobody)["risk/intended-use-changed"] == lib_test.seen_with(failed(use_path, {"role": "model-risk", "candidates": []}), [lib_test.before(use_path)])
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
