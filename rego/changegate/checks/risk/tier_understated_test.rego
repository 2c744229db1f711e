package changegate.checks.risk_test

import data.changegate.lib_test

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

test_tier_understated_fires_below_what_it_is_akin_to if {
	there := {"message": "the release whose tier holds", "at": {"file": "b.yaml"}}
	claims := {"tier": "high", "exposure": "research", "affectsUsers": false, "safetyCritical": false}
	akin := [{"op": "add", "path": "/facts/lineage/kin", "value": [
		{"reason": "b has its endpoint too", "claims": claims, "related": [there]},
		{"reason": "c depends on it", "claims": object.union(claims, {"tier": "low"}), "related": [{"message": "not this"}]},
	]}]
	expected := failed(tier_path, {"claimed": "medium", "tier": "high", "reasons": ["b has its endpoint too"]})
	outcomes(akin)["risk/tier-understated"] == lib_test.seen_with(expected, [there])
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
