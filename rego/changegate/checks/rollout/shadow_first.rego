package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release sees traffic in the shadow first
# description: Where a wrong answer does harm, a release shows what it would have answered before it answers anyone.
# custom:
#   severity: error
#   message: "The release answers users without a shadow phase of at least {minimumSeconds}."
#   remediation: "Add one under `spec.rollout`: `shadow: {percent: 100, duration: {minimumSeconds}}`."
#   settings: [rollout.shadowFrom, rollout.minimumShadowSeconds]
#   optional: [input.facts.rollout.plan, input.settings.rollout.shadowFrom]
#   references: ["https://istio.io/latest/docs/tasks/traffic-management/mirroring/"]
#   example:
#     bad: "rollout: {strategy: canary, steps: [{weight: 5, bake: 1h}, {weight: 100}]}"
#     good: "rollout: {strategy: canary, shadow: {percent: 100, duration: 1h}, steps: [{weight: 5, bake: 1h}, {weight: 100}]}"
outcome["rollout/shadow-first"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.shadowFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.passed if {
	input.facts.rollout.shadow.percent > 0
	input.facts.rollout.shadow.durationSeconds >= input.settings.rollout.minimumShadowSeconds
}

else := result if result := lib.failed(["spec", "rollout", "shadow"], shadow_details)

else := lib.failed(["spec", "rollout", "shadow"], {})

shadow_details := {"minimumSeconds": input.settings.rollout.minimumShadowSeconds}
