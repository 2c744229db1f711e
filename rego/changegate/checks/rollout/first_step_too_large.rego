package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The first step is small
# description: The first step is the share of users that a fault is tried on.
# custom:
#   severity: error
#   message: "The first step takes {weightPercent} of the traffic; this tier starts with at most {maximumPercent}."
#   remediation: "Start with a smaller step, for example `{weight: 5, bake: 30m}`, before this one."
#   settings: [rollout.planFrom, rollout.maximumFirstWeightPercent]
#   optional: [input.facts.rollout.gradual, input.facts.rollout.plan, input.settings.rollout.planFrom]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "steps: [{weight: 50, bake: 30m}, {weight: 100}]"
#     good: "steps: [{weight: 5, bake: 30m}, {weight: 50, bake: 30m}, {weight: 100}]"
outcome["rollout/first-step-too-large"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.planFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(at_once) if input.facts.rollout.gradual == false

else := lib.passed if {
	input.facts.rollout.steps[0].weightPercent <= input.settings.rollout.maximumFirstWeightPercent[risk.tier]
}

else := result if result := lib.failed(["spec", "rollout", "steps", 0, "weight"], first_details)

else := lib.failed(steps_path, {})

first_details := {
	"weightPercent": input.facts.rollout.steps[0].weightPercent,
	"maximumPercent": input.settings.rollout.maximumFirstWeightPercent[risk.tier],
}
