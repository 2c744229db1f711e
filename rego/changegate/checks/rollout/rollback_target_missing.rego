package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The rollback target is named
# description: In an incident nobody should have to find out which version was the last good one. A first release has none.
# custom:
#   severity: error
#   message: No release is named to roll back to.
#   remediation: "Write the version to go back to as `to` under `spec.rollout.rollback`. Here that is `to: {rollbackTarget}`."
#   settings: [rollout.rollbackFrom]
#   optional: [input.facts.rollout.plan, input.previous.status, input.settings.rollout.rollbackFrom]
#   references: ["NIST AI RMF 1.0, MANAGE 2.4: mechanisms to supersede or deactivate a system"]
#   example:
#     bad: "rollout: {strategy: canary}"
#     good: "rollout: {strategy: canary, rollback: {to: 2.3.1, automatic: true}}"
outcome["rollout/rollback-target-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.rollbackFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable("it is the first release: there is nothing to return to") if first_release

else := lib.passed if {
	is_string(input.release.spec.rollout.rollback.to)
	input.release.spec.rollout.rollback.to != ""
}

else := lib.failed(["spec", "rollout", "rollback", "to"], {})
