package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The strategy suits the tier
# description: A release of a high tier must not replace its predecessor for everybody at once.
# custom:
#   severity: error
#   message: "The strategy {strategy} is not allowed for this tier."
#   remediation: "Choose one of {allowedStrategies}, for example `strategy: canary` with `steps`."
#   settings: [rollout.planFrom, rollout.allowedStrategies]
#   optional: [input.facts.rollout.plan, input.settings.rollout.planFrom]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "rollout: {strategy: replace}"
#     good: "rollout: {strategy: canary, steps: [{weight: 5, bake: 30m}, {weight: 100}]}"
outcome["rollout/strategy-unsuitable"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.planFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.passed if input.facts.rollout.strategy in input.settings.rollout.allowedStrategies[risk.tier]

else := result if result := lib.failed(["spec", "rollout", "strategy"], strategy_details)

else := lib.failed(["spec", "rollout", "strategy"], {})

strategy_details := {
	"strategy": input.facts.rollout.strategy,
	"allowedStrategies": input.settings.rollout.allowedStrategies[risk.tier],
}
