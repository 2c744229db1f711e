package changegate.checks.risk

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The claimed tier is not below what the facts say
# description: |
#   The tier decides how much is asked, so the facts set a floor under it, and so do other releases: a new identity of the
#   same model, what answers at the same endpoint, and what others depend on have at least their tier.
# custom:
#   severity: error
#   message: "The claimed tier {claimed} is below {tier}."
#   remediation: "Write `tier: {tier}`, or correct the facts beside it. The tier follows from: {reasons}."
#   settings: [risk.floors]
#   references: ["NIST AI RMF 1.0, MAP 1.5", "ISO/IEC 42001:2023, 6.1.2"]
#   example:
#     bad: "risk: {tier: low, exposure: production, safetyCritical: true}"
#     good: "risk: {tier: critical, exposure: production, safetyCritical: true}"
outcome["risk/tier-understated"] := lib.passed if {
	input.facts.risk.claims.tier == risk.own_tier
	count(input.settings.risk.floors) > 0
}

else := {"outcome": "failed", "violations": {lib.beside(violation, kin_places)}} if {
	violation := lib.finding(tier_path, {"claimed": input.facts.risk.claims.tier, "reasons": own_reasons, "tier": risk.own_tier})
	count(kin_places) > 0
}

else := result if result := lib.failed(tier_path, {"claimed": input.facts.risk.claims.tier, "reasons": own_reasons, "tier": risk.own_tier})

else := lib.failed(tier_path, {})

own_reasons := sort({one.reason | some one in risk.own_grounds; one.tier == risk.own_tier})

# METADATA
# description: Where the releases stand that hold the tier up.
kin_places := [place |
	some one in input.facts.lineage.kin
	one.reason in own_reasons
	some place in one.related
]
