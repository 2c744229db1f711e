package changegate.checks.risk

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A claim about risk that falls is approved
# description: |
#   Fewer people affected, no regulation any more, less revenue: that may be so, and it makes every later demand lighter. So
#   somebody who is not the author agrees. The highest that the branch stated within the bound of its history is compared,
#   so that several small steps are seen as what they come to.
# custom:
#   severity: error
#   awaitsApproval: true
#   message: "The claim {claim} falls from {before} to {now}, and nobody of the role {role} has approved that."
#   remediation: "Ask one of {candidates} to review the change, or write `{claim}: {before}` again."
#   settings: [risk.loweredFrom, risk.loweredRole]
#   optional: [input.evidence.approvals, input.facts.approvals, input.facts.lineage.fallen, input.settings.risk.loweredRole]
#   references: ["SR 26-2: changes of materiality", "NIST AI RMF 1.0, GOVERN 1.3"]
#   example:
#     bad: "affectsUsers: false  # the previous release says true"
#     good: "affectsUsers: true"
outcome["risk/claims-lowered"] := lib.passed if {
	input.settings.risk.loweredFrom in lib.tiers
	input.facts.lineage.checked == true
	input.facts.lineage.fallen == []
}

else := lib.not_applicable(lib.low_tier) if {
	input.settings.risk.loweredFrom in risk.beyond
}

else := lib.unknown(input.evidence.approvals.reason) if input.evidence.approvals.status == "unavailable"

else := lib.passed if {
	input.settings.risk.loweredFrom in lib.tiers
	input.facts.lineage.checked == true
	input.evidence.approvals.status == "present"
	count(input.facts.lineage.fallen) > 0
	count(input.facts.approvals.roles[input.settings.risk.loweredRole].approvedBy) > 0
}

else := {"outcome": "failed", "violations": lowered} if count(lowered) > 0

else := lib.failed(risk_path, {})

lowered contains lib.finding_of(one, details, risk_path) if {
	some one in input.facts.lineage.fallen
	details := {
		"claim": one.claim,
		"before": one.before,
		"now": one.now,
		"role": input.settings.risk.loweredRole,
		"candidates": object.get(input.facts.approvals.roles, [input.settings.risk.loweredRole, "candidates"], []),
	}
}
