package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Every step bakes long enough to see a fault
# description: A step that is shorter than the bake time of its tier promotes on noise. The step that takes all traffic is exempt.
# custom:
#   severity: error
#   message: "The step bakes for {bakeSeconds}; this tier needs at least {minimumSeconds}."
#   remediation: "Write `bake: {minimumSeconds}` or longer for this step; where traffic is low, hours."
#   settings: [rollout.planFrom, rollout.minimumBakeSeconds]
#   optional: [input.facts.rollout.gradual, input.facts.rollout.plan, input.facts.rollout.steps.full, input.settings.rollout.planFrom]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "steps: [{weight: 5, bake: 5m}, {weight: 100}]"
#     good: "steps: [{weight: 5, bake: 30m}, {weight: 100}]"
outcome["rollout/bake-too-short"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.planFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(at_once) if input.facts.rollout.gradual == false

else := lib.passed if lib.all_good(input.facts.rollout.steps, baked, has_steps)

else := result if result := lib.none_of(lib.at_index(input.facts.rollout.steps, baked, bake_details, steps_path, []), has_steps)

else := lib.failed(steps_path, {})

baked contains index if {
	some index, step in input.facts.rollout.steps
	step.bakeSeconds >= input.settings.rollout.minimumBakeSeconds[risk.tier]
}

baked contains index if {
	some index, step in input.facts.rollout.steps
	step.full == true
}

bake_details[index] := details if {
	some index, step in input.facts.rollout.steps
	details := {
		"bakeSeconds": step.bakeSeconds,
		"minimumSeconds": input.settings.rollout.minimumBakeSeconds[risk.tier],
	}
}
