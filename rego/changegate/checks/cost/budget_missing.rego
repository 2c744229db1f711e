package changegate.checks.cost

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release states its budget
# description: A cost is neither too high nor fine until somebody has said what may be spent.
# custom:
#   severity: error
#   message: The release states no weekly budget.
#   remediation: "State under `spec.cost` what this model may cost in a week, in the same currency, such as `weeklyBudget: 900`."
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
