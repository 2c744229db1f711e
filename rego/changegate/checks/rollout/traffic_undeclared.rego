package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The traffic is declared
# description: Without the expected traffic nobody can tell whether a step sees enough requests to notice a fault.
# custom:
#   severity: error
#   message: "A step cannot be sized: the manifest declares no traffic."
#   remediation: "Say under `spec.serving` how many requests a second the endpoint answers, for example `requestsPerSecond: 220`."
#   settings: [rollout.powerFrom]
#   optional: [input.facts.rollout.gradual, input.facts.rollout.plan, input.settings.rollout.powerFrom]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "serving: {platform: kubernetes}"
#     good: "serving: {platform: kubernetes, requestsPerSecond: 220}"
outcome["rollout/traffic-undeclared"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.powerFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(at_once) if input.facts.rollout.gradual == false

else := lib.passed if input.evidence.rollout.traffic.status == "present"

else := lib.failed(["spec", "serving", "requestsPerSecond"], {})
