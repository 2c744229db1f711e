package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The number of pods is declared where nothing splits the traffic
# description: |
#   Without a traffic router (`rollout.trafficRouter: none`) a weight is a share of the pods. Unless it is said how many there
#   are, nobody can tell what share of the traffic a step takes.
# custom:
#   severity: error
#   message: "Nothing splits the traffic, and the manifest does not say how many pods share it: what a step takes cannot be told."
#   remediation: "Say under `spec.serving` how many pods serve the release, for example `replicas: 20`; with an autoscaler, its least number. Or name your router in `settings.rollout.trafficRouter`."
#   settings: [rollout.planFrom, rollout.trafficRouter]
#   optional: [input.facts.rollout.gradual, input.facts.rollout.plan, input.settings.rollout.planFrom]
#   references: ["https://argo-rollouts.readthedocs.io/en/stable/features/canary/"]
#   example:
#     bad: "serving: {platform: kubernetes}  # and trafficRouter: none"
#     good: "serving: {platform: kubernetes, replicas: 20}"
outcome["rollout/replicas-undeclared"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.planFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(at_once) if input.facts.rollout.gradual == false

else := lib.not_applicable("a traffic router takes the weights as they are") if input.facts.rollout.shares == "weights"

else := lib.passed if input.facts.rollout.shares == "pods"

else := lib.failed(["spec", "serving", "replicas"], {})
