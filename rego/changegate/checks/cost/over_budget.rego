package changegate.checks.cost

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A week's traffic stays within the budget
# description: The cost of a thousand inferences, times the declared traffic of a week, as a share of the weekly budget. Where no traffic is declared nobody can tell; a batch job has none.
# custom:
#   severity: error
#   message: "At the declared traffic a week costs {weeklyCost}. The budget is {weeklyBudget}, and at most {maximumShareRatio} times the budget is allowed."
#   remediation: "Serve it for less (a smaller model, batching, another instance type), or have the budget's owner raise `weeklyBudget` above {weeklyCost}."
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

else := lib.not_applicable("a batch job answers no requests that a week could be reckoned from") if {
	input.release.spec.serving.platform == "batch"
	input.evidence.cost.traffic.status == "absent"
}

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
