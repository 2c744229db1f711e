# METADATA
# title: Risk
# description: What is claimed about risk, whether the facts bear it out, and what the model is for.
# custom:
#   subject: release
#   path: [spec, risk]
package changegate.checks.risk

import data.changegate.lib
import data.changegate.risk

risk_path := ["spec", "risk"]

tier_path := ["spec", "risk", "tier"]

use_path := ["spec", "intendedUse"]

# METADATA
# title: The claims about risk are stated
# description: What is left out counts as the worst, so that leaving a line out lowers nothing; a person should state it instead.
# custom:
#   severity: error
#   message: "The claims about risk are not complete; not stated: {unstated}."
#   remediation: "State them under `spec.risk`, for example `risk: {tier: medium, exposure: production, affectsUsers: true, revenueBand: none, regulated: false, safetyCritical: false, personalData: false}`."
#   settings: []
#   references: ["NIST AI RMF 1.0, MAP 1.1 and MAP 5.1", "SR 26-2: model inventory and materiality"]
#   example:
#     bad: "risk: {tier: medium, exposure: production}"
#     good: "risk: {tier: low, exposure: research}"
outcome["risk/missing"] := lib.passed if count(input.facts.risk.unstated) == 0

else := result if result := lib.failed(risk_path, {"unstated": input.facts.risk.unstated})

else := lib.failed(risk_path, {})

# METADATA
# title: The claimed tier is not below what the facts say
# description: The tier decides how much is asked, so the facts set a floor under it.
# custom:
#   severity: error
#   message: "The claimed tier {claimed} is below {tier}."
#   remediation: "Write `tier: {tier}`, or correct the facts beside it. It follows from: {reasons}."
#   settings: [risk.floors]
#   references: ["NIST AI RMF 1.0, MAP 1.5", "ISO/IEC 42001:2023, 6.1.2"]
#   example:
#     bad: "risk: {tier: low, exposure: production, safetyCritical: true}"
#     good: "risk: {tier: critical, exposure: production, safetyCritical: true}"
outcome["risk/tier-understated"] := lib.passed if {
	input.facts.risk.claims.tier == risk.own_tier
	count(input.settings.risk.floors) > 0
}

else := result if result := lib.failed(tier_path, {"claimed": input.facts.risk.claims.tier, "reasons": own_reasons, "tier": risk.own_tier})

else := lib.failed(tier_path, {})

own_reasons := sort({one.reason | some one in risk.own_grounds; one.tier == risk.own_tier})

# METADATA
# title: A lowered tier is seen
# description: A release whose claim is lower than its predecessor's is still judged at the higher tier, this once, so that somebody of that tier agrees.
# custom:
#   severity: warning
#   message: "The claimed tier {claimed} is lower than the {tier} that this change is judged at."
#   remediation: "If the lower tier is meant, say why in the change; it is judged at the higher one until it has landed."
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

else := result if result := lib.failed(tier_path, {"claimed": input.facts.risk.claims.tier, "tier": risk.tier})

else := lib.failed(tier_path, {})

# METADATA
# title: The intended use is stated
# description: Without it nobody can say whether a change is within what was assessed.
# custom:
#   severity: error
#   message: The manifest does not say what the model is for.
#   remediation: "Write it in a sentence: `intendedUse: Scores card transactions in real time.`"
#   settings: [risk.intendedUseFrom]
#   references: ["Regulation (EU) 2024/1689, Article 3(12)", "ISO/IEC 42001:2023, 6.1.4"]
#   example:
#     bad: "spec: {version: 2.4.0}"
#     good: "spec: {version: 2.4.0, intendedUse: Scores card transactions in real time.}"
outcome["risk/intended-use-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.risk.intendedUseFrom in risk.beyond
}

else := lib.passed if input.facts.risk.intendedUse.stated == true

else := lib.failed(use_path, {})

# METADATA
# title: A changed intended use is approved
# description: A change of the intended purpose is a new assessment, and never goes through a lighter door.
# custom:
#   severity: error
#   awaitsApproval: true
#   message: "The intended use changed, and nobody of the role {role} has approved that."
#   remediation: "Ask one of {candidates} to review the change, or keep the intended use as it was."
#   settings: [risk.intendedUseFrom, risk.intendedUseRole]
#   references: ["Regulation (EU) 2024/1689, Article 3(23): substantial modification", "FDA, PCCP guidance (2024), section V"]
#   example:
#     bad: "intendedUse: Decides on loans.  # it was: Sorts the queue of applications."
#     good: "intendedUse: Sorts the queue of applications."
outcome["risk/intended-use-changed"] := lib.not_applicable(lib.low_tier) if {
	input.settings.risk.intendedUseFrom in risk.beyond
}

else := lib.not_applicable("the intended use did not change") if input.facts.risk.intendedUse.changed == false

else := lib.unknown(input.evidence.approvals.reason) if input.evidence.approvals.status == "unavailable"

else := lib.passed if {
	input.evidence.approvals.status == "present"
	input.facts.risk.intendedUse.changed == true
	count(input.facts.approvals.roles[input.settings.risk.intendedUseRole].approvedBy) > 0
}

else := result if result := lib.failed(use_path, {"candidates": object.get(input.facts.approvals.roles, [input.settings.risk.intendedUseRole, "candidates"], []), "role": input.settings.risk.intendedUseRole})

else := lib.failed(use_path, {})

# METADATA
# title: The previous release can be read
# description: What cannot be compared cannot be said to be no worse.
# custom:
#   severity: error
#   message: "The previous release cannot be read: {reason}."
#   remediation: "Mend the manifest in a change of its own, under a waiver of this rule in .changegate/waivers.yaml: nobody can tell what that change is compared with."
#   settings: []
#   references: ["docs/trust.md"]
#   example:
#     bad: 'spec: {version: 2.3.1  # in the base''s manifest, with the brace left open'
#     good: 'spec: {version: 2.3.1}'
outcome["risk/previous-unreadable"] := lib.passed if input.previous.status in {"present", "absent"}

else := result if result := lib.failed(["metadata", "name"], {"reason": input.previous.reason})

else := lib.failed(["metadata", "name"], {})
