package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The rollback takes no longer than it may
# description: |
#   The time that the manifest allows itself to be back in is bounded by the settings. Where it names none, the settings' time
#   holds.
# custom:
#   severity: error
#   message: "The manifest allows {withinSeconds} to be back; at most {maximumSeconds} are allowed."
#   remediation: "Write `within: {maximumSeconds}` or less under `spec.rollout.rollback`, or take the line out."
#   settings: [rollout.rollbackFrom, rollout.maximumRollbackSeconds]
#   optional: [input.facts.rollout.plan, input.facts.rollout.rollback.stated, input.facts.rollout.rollback.withinStated, input.settings.rollout.rollbackFrom]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "rollback: {to: 2.3.1, automatic: true, within: 6h}"
#     good: "rollback: {to: 2.3.1, automatic: true, within: 20m}"
outcome["rollout/rollback-too-slow"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.rollbackFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable("no rollback is named: see rollout/rollback-target-missing") if {
	input.facts.rollout.rollback.stated == false
}

else := lib.not_applicable("the manifest names no time of its own") if {
	input.facts.rollout.rollback.withinStated == false
}

else := lib.passed if {
	input.facts.rollout.rollback.withinSeconds <= input.settings.rollout.maximumRollbackSeconds
}

else := result if result := lib.failed(["spec", "rollout", "rollback", "within"], slow_details)

else := lib.failed(["spec", "rollout", "rollback", "within"], {})

slow_details := {
	"withinSeconds": input.facts.rollout.rollback.withinSeconds,
	"maximumSeconds": input.settings.rollout.maximumRollbackSeconds,
}
