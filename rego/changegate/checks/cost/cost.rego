# METADATA
# title: Cost
# description: What a release costs to run, beside its budget and beside the previous release.
# custom:
#   subject: release
#   path: [spec, cost]
package changegate.checks.cost

import data.changegate.lib
import data.changegate.risk

exempted := "inference costs nothing on this platform, as the manifest says"

none_stated := "no cost is stated: see cost/missing"

cost_path := ["spec", "cost", "perThousandInferences"]

budget_path := ["spec", "cost", "weeklyBudget"]

# METADATA
# title: A release states what it costs
# description: A larger model costs more on every request, and the bill comes a month after the rollout.
# custom:
#   severity: error
#   message: The release does not state what a thousand inferences cost.
#   remediation: "State it, in the currency of the budget: `cost: {perThousandInferences: 0.021, weeklyBudget: 900}`."
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

# METADATA
# title: A release states its budget
# description: A cost is neither too high nor fine until somebody has said what may be spent.
# custom:
#   severity: error
#   message: The release states no weekly budget.
#   remediation: "State what may be spent in a week: `cost: {perThousandInferences: 0.021, weeklyBudget: 900}`."
#   settings: [cost.budgetFrom, cost.notApplicablePlatforms]
#   optional: [input.facts.cost.block, input.facts.cost.stated, input.release.spec.serving.platform, input.settings.cost.budgetFrom, input.settings.cost.notApplicablePlatforms]
#   references: ["https://www.finops.org/framework/capabilities/budgeting/"]
#   example:
#     bad: "cost: {perThousandInferences: 0.021}"
#     good: "cost: {perThousandInferences: 0.021, weeklyBudget: 900}"
outcome["cost/budget-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.cost.budgetFrom in risk.beyond
}

else := lib.not_applicable(exempted) if exempt

else := lib.not_applicable(none_stated) if input.facts.cost.stated == false

else := lib.passed if input.facts.cost.budgetStated == true

else := lib.failed(budget_path, {})

# METADATA
# title: A week's traffic stays within the budget
# description: The cost of a thousand inferences, times the declared traffic of a week, as a share of the weekly budget. Where no traffic is declared nobody can tell.
# custom:
#   severity: error
#   message: "At the declared traffic a week costs {weeklyCost}, and the budget is {weeklyBudget}: at most {maximumShareRatio} times the budget is allowed."
#   remediation: "Serve it for less (a smaller model, batching, another instance type), or have the budget's owner raise `weeklyBudget`."
#   settings: [cost.budgetFrom, cost.maximumBudgetShareRatio, cost.notApplicablePlatforms]
#   optional: [input.evidence.cost.traffic.reason, input.facts.cost.block, input.facts.cost.budgetStated, input.facts.cost.stated, input.facts.cost.weeklyBudget, input.facts.cost.weeklyCost, input.release.spec.serving.platform, input.settings.cost.budgetFrom, input.settings.cost.notApplicablePlatforms]
#   references: ["https://www.finops.org/framework/capabilities/unit-economics/"]
#   example:
#     bad: "cost: {perThousandInferences: 0.021, weeklyBudget: 900}  # at 220 requests per second: 2794 a week"
#     good: "cost: {perThousandInferences: 0.004, weeklyBudget: 900}  # at 220 requests per second: 532 a week"
outcome["cost/over-budget"] := lib.not_applicable(lib.low_tier) if {
	input.settings.cost.budgetFrom in risk.beyond
}

else := lib.not_applicable(exempted) if exempt

else := lib.not_applicable(none_stated) if input.facts.cost.stated == false

else := lib.not_applicable("no budget is stated: see cost/budget-missing") if input.facts.cost.budgetStated == false

else := lib.unknown(input.evidence.cost.traffic.reason) if {
	input.evidence.cost.traffic.status in {"absent", "invalid", "unavailable"}
}

else := lib.passed if {
	input.evidence.cost.traffic.status == "present"
	input.facts.cost.budgetShareRatio <= input.settings.cost.maximumBudgetShareRatio
}

else := result if {
	result := lib.failed(budget_path, {
		"weeklyCost": input.facts.cost.weeklyCost,
		"weeklyBudget": input.facts.cost.weeklyBudget,
		"maximumShareRatio": input.settings.cost.maximumBudgetShareRatio,
	})
}

else := lib.failed(budget_path, {})

# METADATA
# title: A release does not cost much more than the last
# description: A leap in cost within the budget is still one that somebody should have meant. A rollback may cost what it cost before.
# custom:
#   severity: error
#   message: "A thousand inferences cost {perThousandInferences}, in the previous release {previousPerThousandInferences}: at most {maximumRatio} times that is allowed."
#   remediation: "Serve it for less, or have the growth waived with the reason why the release is worth it: `{rule: cost/grew-too-much, model: fraud-detector, …}` in .changegate/waivers.yaml."
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
	result := lib.failed(cost_path, {
		"perThousandInferences": input.facts.cost.perThousandInferences,
		"previousPerThousandInferences": input.facts.cost.previousPerThousandInferences,
		"maximumRatio": input.settings.cost.maximumGrowthRatio[risk.tier],
	})
}

else := lib.failed(cost_path, {})

exempt if {
	input.facts.cost.block == "not-applicable"
	input.release.spec.serving.platform in input.settings.cost.notApplicablePlatforms
}
