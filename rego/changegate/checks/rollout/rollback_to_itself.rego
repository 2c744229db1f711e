package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The rollback leads to another version
# description: A release that names itself as the way back has none. A change that is itself a rollback is not asked.
# custom:
#   severity: error
#   message: "The rollback target {target} is the version of the release itself."
#   remediation: "Write the version to go back to, which is another one. Here that is `to: {rollbackTarget}`. A first release has none: take `rollback` out of it."
#   settings: [claims.contradictionsFrom]
#   optional: [input.change.operation, input.facts.rollout.plan, input.facts.rollout.rollback.stated, input.facts.rollout.rollback.to, input.settings.claims.contradictionsFrom]
#   references: ["NIST AI RMF 1.0, MANAGE 2.4: mechanisms to supersede or deactivate a system"]
#   example:
#     bad: "version: 2.4.0  # rollback: {to: 2.4.0}"
#     good: "version: 2.4.0  # rollback: {to: 2.3.1}"
outcome["rollout/rollback-to-itself"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable("no target is named: see rollout/rollback-target-missing") if targetless

else := lib.not_applicable("the change is itself a rollback") if input.change.operation == "rollback"

else := lib.passed if input.facts.rollout.rollback.own == false

else := result if result := lib.failed(target_path, {"target": input.facts.rollout.rollback.to})

else := lib.failed(target_path, {})

target_path := ["spec", "rollout", "rollback", "to"]
