package changegate.risk_test

import data.changegate.risk

good := {
	"facts": {"risk": {
		"claims": {
			"tier": "low",
			"exposure": "internal",
			"affectsUsers": false,
			"revenueBand": "none",
			"regulated": false,
			"safetyCritical": false,
			"personalData": false,
		},
		"unstated": [],
	}},
	"settings": {"risk": {"floors": [
		{"when": {"safetyCritical": true}, "tier": "critical", "reason": "it can hurt"},
		{"when": {"revenueBand": "over-1pct", "affectsUsers": true}, "tier": "high", "reason": "users and revenue"},
		{"when": {"regulated": true}, "tier": "high", "reason": "regulated"},
		{"when": {"revenueBand": "over-1pct"}, "tier": "medium", "reason": "revenue"},
	]}},
}

assessment(patches) := result if {
	result := risk.assessment with input as json.patch(good, patches)
}

own_tier(patches) := result if {
	result := risk.own_tier with input as json.patch(good, patches)
}

add(path, value) := {"op": "add", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

claim(key, value) := add(concat("", ["/facts/risk/claims/", key]), value)

claimed := "the manifest claims it"

test_claim_alone_decides if {
	assessment([]) == {"tier": "low", "reasons": [claimed]}
	assessment([claim("tier", "medium")]) == {"tier": "medium", "reasons": [claimed]}
	assessment([claim("tier", "critical")]) == {"tier": "critical", "reasons": [claimed]}
}

test_floor_raises_the_tier if {
	assessment([claim("regulated", true)]) == {"tier": "high", "reasons": ["regulated"]}
	assessment([claim("safetyCritical", true)]) == {"tier": "critical", "reasons": ["it can hurt"]}
}

test_floor_needs_all_that_it_names if {
	assessment([claim("revenueBand", "over-1pct")]) == {"tier": "medium", "reasons": ["revenue"]}
	assessment([claim("revenueBand", "over-1pct"), claim("affectsUsers", true)]) == {"tier": "high", "reasons": ["users and revenue"]}
	assessment([claim("affectsUsers", true)]) == {"tier": "low", "reasons": [claimed]}
}

test_floor_lowers_nothing if {
	assessment([claim("tier", "critical"), claim("regulated", true)]) == {"tier": "critical", "reasons": [claimed]}
}

test_reasons_of_the_tier_are_all_given_and_sorted if {
	patches := [claim("tier", "high"), claim("regulated", true), claim("revenueBand", "over-1pct"), claim("affectsUsers", true)]
	assessment(patches) == {"tier": "high", "reasons": ["regulated", claimed, "users and revenue"]}
}

test_what_is_not_said_counts_as_met if {
	assessment([drop("/facts/risk/claims/safetyCritical")]).tier == "critical"
	assessment([drop("/facts/risk/claims/regulated")]).tier == "high"
}

test_inventory_raises_the_tier if {
	listed := [add("/facts/risk/inventory", {"tier": "high"})]
	assessment(listed) == {"tier": "high", "reasons": ["the inventory says so"]}
	own_tier(listed) == "high"
}

test_inventory_lowers_nothing if {
	assessment([claim("tier", "high"), add("/facts/risk/inventory", {"tier": "low"})]) == {"tier": "high", "reasons": [claimed]}
}

previous(claims) := add("/facts/risk/previous", object.union(good.facts.risk.claims, claims))

test_previous_claim_raises_the_tier_and_not_what_has_to_be_claimed if {
	before := [previous({"tier": "high"})]
	assessment(before) == {"tier": "high", "reasons": ["the previous release claims it"]}
	own_tier(before) == "low"
}

test_previous_facts_raise_the_tier if {
	before := [previous({"regulated": true})]
	assessment(before) == {"tier": "high", "reasons": ["regulated"]}
	own_tier(before) == "low"
}

test_previous_lowers_nothing if assessment([claim("tier", "high"), previous({"tier": "low"})]) == {"tier": "high", "reasons": [claimed]}

kin(claims, more) := add("/facts/lineage", {"kin": [object.union({"identity": "b", "reason": "b has its endpoint too", "claims": object.union(good.facts.risk.claims, claims)}, more)]})

test_kin_raise_the_tier_and_what_has_to_be_claimed if {
	every patches in [[kin({"tier": "high"}, {})], [kin({"regulated": true}, {})], [kin({}, {"inventory": {"tier": "high"}})]] {
		assessment(patches) == {"tier": "high", "reasons": ["b has its endpoint too"]}
		own_tier(patches) == "high"
	}
}

test_kin_lower_nothing if assessment([claim("tier", "high"), kin({"tier": "low"}, {})]) == {"tier": "high", "reasons": [claimed]}

test_a_release_whose_kin_nobody_looked_for_is_critical if {
	of_release := add("/subject", {"kind": "release"})
	assessment([of_release, add("/facts/lineage", {"kin": []})]).tier == "low"
	assessment([of_release]) == {"tier": "critical", "reasons": ["nobody looked which other releases its tier hangs on"]}
}

test_no_claims_are_critical if {
	every patches in [[drop("/facts/risk/claims")], [drop("/facts/risk")], [drop("/facts")], [drop("/facts/risk/claims/tier")]] {
		assessment(patches) == {"tier": "critical", "reasons": ["there are no claims about risk to start from"]}
		own_tier(patches) == "critical"
	}
}

test_no_floors_are_critical if {
	every patches in [[drop("/settings/risk/floors")], [drop("/settings")], [add("/settings/risk/floors", [])]] {
		assessment(patches) == {"tier": "critical", "reasons": ["there are no claims about risk to start from"]}
		own_tier(patches) == "critical"
	}
}

test_no_input_is_critical if {
	found := risk.assessment with input as {}
	found.tier == "critical"
}

test_incomplete_floor_is_critical if {
	every patches in [
		[drop("/settings/risk/floors/2/tier")],
		[drop("/settings/risk/floors/2/when")],
		[drop("/settings/risk/floors/2/reason")],
		[add("/settings/risk/floors/2/when", {})],
	] {
		assessment(patches) == {"tier": "critical", "reasons": ["a floor in the settings is not complete"]}
	}
}

test_what_is_no_tier_is_critical if {
	assessment([claim("tier", "none")]).tier == "critical"
	assessment([claim("regulated", true), add("/facts/risk/inventory", {"tier": "Low"})]).tier == "critical"
}

test_beyond_and_reached_part_the_tiers if {
	{[tier, from] |
		some tier in {"low", "medium", "high", "critical"}
		some from in {"low", "medium", "high", "critical", "never"}
		from in risk.beyond with data.changegate.risk.tier as tier
	} == {
		["low", "medium"], ["low", "high"], ["low", "critical"],
		["medium", "high"], ["medium", "critical"],
		["high", "critical"],
	}
	risk.reached == {"low", "medium", "high"} with data.changegate.risk.tier as "high"
}
