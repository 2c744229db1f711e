package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Every step takes more traffic than the one before
# description: |
#   A step that does not rise shows nothing new, and some controllers stall on it for ever. Where nothing splits the traffic,
#   steps that come to the same number of pods are one step.
# custom:
#   severity: error
#   message: The step takes no more traffic than the one before it.
#   remediation: "Write the weights in rising order, for example 5, 25, 50, 100. Where nothing splits the traffic, leave out a step that comes to as many pods as the one before, raise `serving.replicas`, or name your router in `settings.rollout.trafficRouter`."
#   settings: [rollout.planFrom, rollout.trafficRouter]
#   optional: [input.facts.rollout.gradual, input.facts.rollout.plan, input.settings.rollout.planFrom]
#   references: ["https://docs.flagger.app/usage/deployment-strategies"]
#   example:
#     bad: "steps: [{weight: 25, bake: 30m}, {weight: 5, bake: 30m}, {weight: 100}]"
#     good: "steps: [{weight: 5, bake: 30m}, {weight: 25, bake: 30m}, {weight: 100}]"
outcome["rollout/steps-not-ascending"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.planFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(at_once) if input.facts.rollout.gradual == false

else := lib.unknown(no_shares) if {
	shares_unknown
	lib.all_good(input.facts.rollout.steps, rising, has_steps)
}

else := lib.passed if {
	shares_known
	lib.all_good(input.facts.rollout.steps, rising, has_steps)
}

else := {"outcome": "failed", "violations": not_rising} if count(not_rising) > 0

else := lib.failed(steps_path, {})

not_rising := lib.at_index(input.facts.rollout.steps, rising, {}, steps_path, [])

rising contains index if {
	some index, step in input.facts.rollout.steps
	step.risePercent > 0
}
