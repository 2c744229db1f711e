package changegate.checks.risk_test

import data.changegate.lib_test

test_tier_lowered_fires_alone if {
	lowered := [put("/facts/risk/previous/tier", "high")]
	failures(lowered) == {"risk/tier-lowered"}
	outcomes(lowered)["risk/tier-lowered"] == lib_test.seen_with(failed(tier_path, {"claimed": "medium", "tier": "high"}), [lib_test.before(tier_path)])
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
	outcomes([drop("/facts/risk/previous")])["risk/tier-lowered"] == lib_test.seen_with(failed(tier_path, {"claimed": "medium", "tier": "medium"}), [lib_test.before(tier_path)])
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
