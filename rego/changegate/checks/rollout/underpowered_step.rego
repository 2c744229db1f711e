package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Every step sees enough requests to notice a fault
# description: |
#   A one-sided test with the settings' significance and power: the step must get as many requests as it takes to notice a
#   release that burns its error budget several times over, or is slow for more requests than it may be.
# custom:
#   severity: error
#   message: "The step gets {expectedRequestsCount} requests; to notice a fault it needs {requiredRequestsCount} (by the objective {objective})."
#   remediation: "Lengthen the step's `bake` or raise its `weight`, until it gets {requiredRequestsCount} requests; or leave the step out. As it stands it promotes on noise."
#   settings: [rollout.powerFrom, rollout.significance, rollout.power, rollout.detectableErrorFactor, rollout.detectableLatencyFactor, rollout.trafficRouter]
#   optional: [input.evidence.rollout.traffic.status, input.facts.rollout.shares, input.facts.rollout.gradual, input.facts.rollout.plan, input.facts.rollout.sample, input.facts.rollout.steps.full, input.facts.rollout.steps.sizedBy, input.settings.rollout.powerFrom]
#   references: ["https://sre.google/workbook/canarying-releases/", "Fleiss, Levin, Paik: Statistical Methods for Rates and Proportions, 3rd ed., ch. 4"]
#   example:
#     bad: "serving: {requestsPerSecond: 1}  # steps: [{weight: 5, bake: 30m}, {weight: 100}]"
#     good: "serving: {requestsPerSecond: 1}  # steps: [{weight: 5, bake: 12h}, {weight: 100}]"
outcome["rollout/underpowered-step"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.powerFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(at_once) if input.facts.rollout.gradual == false

else := lib.not_applicable("no traffic is declared: see rollout/traffic-undeclared") if {
	input.evidence.rollout.traffic.status == "absent"
}

else := lib.unknown(no_shares) if shares_unknown

else := lib.not_applicable(no_objective) if input.facts.rollout.sample == "no-objective"

else := lib.passed if lib.all_good(input.facts.rollout.steps, powered, has_steps)

else := result if result := lib.none_of(lib.at_index(input.facts.rollout.steps, powered, power_details, steps_path, []), has_steps)

else := lib.failed(steps_path, {})
