package changegate.checks.risk

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A lowered tier is seen
# description: A release whose claim is lower than its predecessor's is still judged at the higher tier, this once, so that somebody of that tier agrees.
# custom:
#   severity: warning
#   message: "The claimed tier {claimed} is lower than the {tier} that this change is judged at."
#   remediation: "If the lower tier is meant, say why in the pull request. It is judged at the higher one until it has landed."
#   settings: [risk.floors]
#   references: ["SR 26-2: changes of materiality"]
#   example:
#     bad: "risk: {tier: low, exposure: research}  # where the previous release claims high"
#     good: "risk: {tier: high, exposure: production}"
outcome["risk/tier-lowered"] := lib.not_applicable("there is no previous release") if input.previous.status == "absent"

else := lib.not_applicable("the previous release cannot be read: see risk/previous-unreadable") if {
	input.previous.status == "invalid"
}

else := lib.unknown(input.previous.reason) if input.previous.status == "unavailable"

else := lib.passed if {
	input.previous.status == "present"
	input.facts.risk.previous.tier
	risk.own_tier == risk.tier
}

else := result if result := lib.failed_beside_previous(tier_path, {"claimed": input.facts.risk.claims.tier, "tier": risk.tier})

else := lib.failed(tier_path, {})
