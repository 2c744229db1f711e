package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The first step is small
# description: |
#   The first step is the share of users that a fault is tried on. Where nothing splits the traffic (`rollout.trafficRouter: none`)
#   that is the share of the pods, whatever its weight: one replica is one new pod beside an old one, half of the traffic.
# custom:
#   severity: error
#   message: "The first step takes {sharePercent} of the traffic {how}; this tier starts with at most {maximumPercent}."
#   remediation: "Put a smaller step before this one: `weight: {maximumPercent}` or less, and a `bake` as the others have. Where nothing splits the traffic, the least share is one pod among `serving.replicas` and one more: raise that number (at most 25% needs 3, 10% needs 9, 5% needs 19), or name your router in `settings.rollout.trafficRouter`."
#   settings: [rollout.planFrom, rollout.maximumFirstWeightPercent, rollout.trafficRouter]
#   optional: [input.facts.rollout.gradual, input.facts.rollout.plan, input.settings.rollout.planFrom]
#   references: ["https://sre.google/workbook/canarying-releases/", "https://argo-rollouts.readthedocs.io/en/stable/features/canary/"]
#   example:
#     bad: "steps: [{weight: 50, bake: 30m}, {weight: 100}]"
#     good: "steps: [{weight: 5, bake: 30m}, {weight: 50, bake: 30m}, {weight: 100}]"
outcome["rollout/first-step-too-large"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.planFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(at_once) if input.facts.rollout.gradual == false

else := lib.unknown(no_shares) if shares_unknown

else := lib.passed if {
	shares_known
	input.facts.rollout.steps[0].sharePercent <= input.settings.rollout.maximumFirstWeightPercent[risk.tier]
}

else := result if result := lib.failed(["spec", "rollout", "steps", 0, "weight"], first_details)

else := lib.failed(steps_path, {})

first_details := {
	"sharePercent": input.facts.rollout.steps[0].sharePercent,
	"how": shared_by[input.facts.rollout.shares],
	"maximumPercent": input.settings.rollout.maximumFirstWeightPercent[risk.tier],
}

shared_by := {
	"weights": "by its weight",
	"pods": "by its pods, since nothing splits it",
}
