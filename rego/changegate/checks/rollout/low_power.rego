package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A step should see enough requests to notice a fault
# description: The same test as rollout/underpowered-step, as advice below the tier from which it is an error.
# custom:
#   severity: warning
#   message: "The step gets {expectedRequestsCount} requests; to notice a fault it needs {requiredRequestsCount} (by the objective {objective})."
#   remediation: "Lengthen the step's `bake` or raise its `weight`, until it gets {requiredRequestsCount} requests. As it stands it promotes on noise."
#   settings: [rollout.planFrom, rollout.powerFrom, rollout.significance, rollout.power, rollout.detectableErrorFactor, rollout.detectableLatencyFactor, rollout.trafficRouter]
#   optional: [input.evidence.rollout.traffic.status, input.facts.rollout.shares, input.facts.rollout.gradual, input.facts.rollout.plan, input.facts.rollout.sample, input.facts.rollout.steps.full, input.facts.rollout.steps.sizedBy, input.settings.rollout.planFrom, input.settings.rollout.powerFrom]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "serving: {requestsPerSecond: 1}  # steps: [{weight: 5, bake: 30m}, {weight: 100}]"
#     good: "serving: {requestsPerSecond: 1}  # steps: [{weight: 5, bake: 12h}, {weight: 100}]"
outcome["rollout/low-power"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.planFrom in risk.beyond
}

else := lib.not_applicable("this tier must have the requests: see rollout/underpowered-step") if {
	input.settings.rollout.powerFrom in risk.reached
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(at_once) if input.facts.rollout.gradual == false

else := lib.not_applicable("no traffic is declared") if input.evidence.rollout.traffic.status == "absent"

else := lib.unknown(no_shares) if shares_unknown

else := lib.not_applicable(no_objective) if input.facts.rollout.sample == "no-objective"

else := lib.passed if lib.all_good(input.facts.rollout.steps, powered, has_steps)

else := result if result := lib.none_of(lib.at_index(input.facts.rollout.steps, powered, power_details, steps_path, []), has_steps)

else := lib.failed(steps_path, {})
