package changegate.checks.cost

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release does not cost much more than the last
# description: A leap in cost within the budget is still one that somebody should have meant. A rollback may cost what it cost before.
# custom:
#   severity: error
#   message: "A thousand inferences cost {perThousandInferences}. In the previous release they cost {previousPerThousandInferences}, and at most {maximumRatio} times that is allowed."
#   remediation: "Serve it for less. If the release is worth it, have the growth waived in .changegate/waivers.yaml, in a pull request before this one: `{rule: cost/grew-too-much, model: {model}, reason: …, approvedBy: …, expires: …}`."
#   settings: [cost.growthFrom, cost.maximumGrowthRatio, cost.notApplicablePlatforms]
#   optional: [input.change.operation, input.evidence.cost.growth.reason, input.facts.cost.block, input.facts.cost.perThousandInferences, input.facts.cost.previousPerThousandInferences, input.facts.cost.stated, input.release.spec.serving.platform, input.settings.cost.growthFrom, input.settings.cost.notApplicablePlatforms]
#   references: ["https://www.finops.org/framework/capabilities/anomaly-management/"]
#   example:
#     bad: "perThousandInferences: 0.021  # it was 0.004"
#     good: "perThousandInferences: 0.0045  # it was 0.004"
outcome["cost/grew-too-much"] := lib.not_applicable(lib.low_tier) if {
	input.settings.cost.growthFrom in risk.beyond
}

else := lib.not_applicable(exempted) if exempt

else := lib.not_applicable(none_stated) if input.facts.cost.stated == false

else := lib.not_applicable("there is no previous release") if input.previous.status == "absent"

else := lib.unknown(input.previous.reason) if input.previous.status in {"invalid", "unavailable"}

else := lib.not_applicable("the change is itself a rollback") if input.change.operation == "rollback"

else := lib.not_applicable(input.evidence.cost.growth.reason) if input.evidence.cost.growth.status == "absent"

else := lib.unknown(input.evidence.cost.growth.reason) if {
	input.evidence.cost.growth.status in {"invalid", "unavailable"}
}

else := lib.passed if {
	input.previous.status == "present"
	input.evidence.cost.growth.status == "present"
	input.facts.cost.growthRatio <= input.settings.cost.maximumGrowthRatio[risk.tier]
}

else := result if {
	result := lib.failed_beside_previous(cost_path, {
		"perThousandInferences": input.facts.cost.perThousandInferences,
		"previousPerThousandInferences": input.facts.cost.previousPerThousandInferences,
		"maximumRatio": input.settings.cost.maximumGrowthRatio[risk.tier],
	})
}

else := lib.failed(cost_path, {})
