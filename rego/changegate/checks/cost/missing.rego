package changegate.checks.cost

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release states what it costs
# description: A larger model costs more on every request, and the bill comes a month after the rollout.
# custom:
#   severity: error
#   message: The release does not state what a thousand inferences cost.
#   remediation: "State under `spec.cost` what a thousand inferences of this model cost, and what it may cost in a week, in one currency, such as `cost: {perThousandInferences: 0.021, weeklyBudget: 900}`."
#   settings: [cost.costFrom, cost.notApplicablePlatforms]
#   optional: [input.facts.cost.block, input.release.spec.serving.platform, input.settings.cost.costFrom, input.settings.cost.notApplicablePlatforms]
#   references: ["https://www.finops.org/framework/capabilities/unit-economics/"]
#   example:
#     bad: "cost: {weeklyBudget: 900}"
#     good: "cost: {perThousandInferences: 0.021, weeklyBudget: 900}"
outcome["cost/missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.cost.costFrom in risk.beyond
}

else := lib.not_applicable(exempted) if exempt

else := lib.passed if input.facts.cost.stated == true

else := lib.failed(cost_path, {})
