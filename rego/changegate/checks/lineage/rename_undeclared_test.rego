package changegate.checks.lineage_test

import data.changegate.lib_test

name_path := ["metadata", "name"]

alike(tier) := put("/facts/lineage/resembles", [{
	"identity": "production/old", "tier": tier, "shares": ["its file"],
	"related": [{"message": "there"}],
}])

unnamed := {"identity": "production/old", "shares": ["its file"], "role": "model-risk", "candidates": ["femi"]}

test_rename_undeclared_fires_alone if {
	failures([alike("high")]) == {"lineage/rename-undeclared"}
	outcomes({"critical"}, [alike("high")])["lineage/rename-undeclared"] == lib_test.seen_with(failed(name_path, unnamed), [{"message": "there"}])
}

test_rename_undeclared_fires_for_a_new_release_that_claims_a_low_tier if {
	outcomes(low, [alike("high")])["lineage/rename-undeclared"] == lib_test.seen_with(failed(name_path, unnamed), [{"message": "there"}])
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
