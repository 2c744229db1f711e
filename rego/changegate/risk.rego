# METADATA
# title: The tier of risk
# description: |
#   The highest tier that anything gives a ground for: the author's claim, the floors that follow from the facts, the
#   base's inventory, the releases that it is akin to, and what the previous release was. Where there is no claim to start
#   from, or nobody looked what it is akin to, it is critical.
package changegate.risk

assessment := {"tier": tier, "reasons": reasons}

tier := highest({one.tier | some one in grounds})

# METADATA
# description: The tier without the previous release's part in it; what the author has to claim at least.
own_tier := highest({one.tier | some one in own_grounds})

reasons := sort({one.reason | some one in grounds; one.tier == tier})

# METADATA
# description: The tiers above this one; a demand that begins at one of them does not reach the release.
beyond := above[tier]

# METADATA
# description: The tiers up to this one; a demand that begins at one of them reaches the release.
reached contains one if {
	higher := beyond
	some one, _ in above
	not one in higher
}

above := {
	"low": {"medium", "high", "critical"},
	"medium": {"high", "critical"},
	"high": {"critical"},
	"critical": set(),
}

highest(tiers) := "critical" if {
	count({one | some one in tiers; not one in {"low", "medium", "high"}}) > 0
}

else := "high" if {
	"high" in tiers
}

else := "medium" if {
	"medium" in tiers
}

else := "low" if {
	tiers == {"low"}
}

else := "critical"

grounds contains one if some one in own_grounds

grounds contains {"tier": input.facts.risk.previous.tier, "reason": "the previous release claims it"}

grounds contains ground if {
	some floor in input.settings.risk.floors
	reaches(floor, input.facts.risk.previous)
	ground := {"tier": floor.tier, "reason": floor.reason}
}

own_grounds contains {"tier": input.facts.risk.claims.tier, "reason": "the manifest claims it"} if {
	count(input.settings.risk.floors) > 0
}

own_grounds contains {"tier": input.facts.risk.inventory.tier, "reason": "the inventory says so"}

own_grounds contains ground if {
	some floor in input.settings.risk.floors
	reaches(floor, input.facts.risk.claims)
	ground := {"tier": floor.tier, "reason": floor.reason}
}

own_grounds contains ground if some ground in of_kin

own_grounds contains {"tier": "critical", "reason": "nobody looked which other releases its tier hangs on"} if {
	input.subject.kind == "release"
	not looked_for_kin
}

looked_for_kin if is_array(input.facts.lineage.kin)

# METADATA
# description: What the releases give grounds for that are the same model, answer the same requests, or depend on it.
of_kin contains ground_of(one, one.claims.tier) if some one in input.facts.lineage.kin

of_kin contains ground_of(one, one.inventory.tier) if some one in input.facts.lineage.kin

of_kin contains ground_of(one, floor.tier) if {
	some one in input.facts.lineage.kin
	some floor in input.settings.risk.floors
	reaches(floor, one.claims)
}

# METADATA
# description: The tier that follows from what a release claims and the inventory says; for releases beside the one that is judged.
tier_of(one) := highest(((claimed | listed) | floored)) if {
	claimed := {one.claims.tier}
	listed := {entry.tier | some key, entry in one; key == "inventory"}
	floored := {floor.tier | some floor in input.settings.risk.floors; reaches(floor, one.claims)}
}

ground_of(one, held) := {"tier": held, "reason": one.reason}

own_grounds contains {"tier": "critical", "reason": "a floor in the settings is not complete"} if {
	some floor in input.settings.risk.floors
	not complete(floor)
}

own_grounds contains {"tier": "critical", "reason": "there are no claims about risk to start from"} if {
	not has_claims
}

has_claims if {
	input.facts.risk.claims.tier
	count(input.settings.risk.floors) > 0
}

complete(floor) if {
	floor.tier
	floor.reason
	count(floor.when) > 0
}

# METADATA
# description: Whether a floor applies to claims; what they do not say counts as met.
reaches(floor, claims) if {
	count(floor.when) > 0
	every key, value in floor.when { object.get(claims, key, value) == value }
}
