package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release has a rollout plan
# description: Without a plan a release reaches everybody at once, and nothing says when to stop.
# custom:
#   severity: error
#   message: The release has no rollout plan.
#   remediation: "Add one under `spec`, for example `rollout: {strategy: canary, steps: [{weight: 5, bake: 30m}, {weight: 25, bake: 30m}, {weight: 50, bake: 1h}, {weight: 100}]}`. Say in it how to go back: `rollback: {to: {rollbackTarget}, automatic: true}`."
#   settings: [rollout.planFrom, rollout.notApplicablePlatforms]
#   optional: [input.release.spec.serving.platform, input.settings.rollout.notApplicablePlatforms, input.settings.rollout.planFrom]
#   references: ["NIST AI RMF 1.0, MANAGE 2.4: mechanisms to supersede or deactivate a system"]
#   example:
#     bad: "spec: {version: 2.4.0}"
#     good: "spec: {rollout: {strategy: canary, steps: [{weight: 5, bake: 30m}, {weight: 100}]}}"
outcome["rollout/plan-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.planFrom in risk.beyond
}

else := lib.not_applicable("the platform has no traffic to move, as the manifest says") if {
	input.facts.rollout.plan == "not-applicable"
	input.release.spec.serving.platform in input.settings.rollout.notApplicablePlatforms
}

else := lib.passed if input.facts.rollout.plan == "present"

else := lib.failed(["spec", "rollout"], {})
