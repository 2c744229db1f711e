package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The last step takes all traffic
# description: What happens after a last step below 100% is left to the controller, and controllers differ.
# custom:
#   severity: error
#   message: The plan does not end with all of the traffic.
#   remediation: "Add a last step at the end of `steps`: `{weight: 100}`."
#   settings: [rollout.planFrom]
#   optional: [input.facts.rollout.gradual, input.facts.rollout.plan, input.settings.rollout.planFrom]
#   references: ["https://argo-rollouts.readthedocs.io/en/stable/features/canary/"]
#   example:
#     bad: "steps: [{weight: 5, bake: 30m}, {weight: 50, bake: 1h}]"
#     good: "steps: [{weight: 5, bake: 30m}, {weight: 50, bake: 1h}, {weight: 100}]"
outcome["rollout/does-not-end-at-full"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.planFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(at_once) if input.facts.rollout.gradual == false

else := lib.passed if input.facts.rollout.endsAtFull == true

else := lib.failed(steps_path, {})
