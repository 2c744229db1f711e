package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The rollback is automatic
# description: A fault that waits for a person lasts as long as it takes to wake one.
# custom:
#   severity: error
#   message: The rollback waits for a person.
#   remediation: "Let the controller do it: write `automatic: true` under `spec.rollout.rollback`."
#   settings: [rollout.automaticRollbackFrom]
#   optional: [input.facts.rollout.plan, input.facts.rollout.rollback.stated, input.facts.rollout.rollback.to, input.settings.rollout.automaticRollbackFrom]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "rollback: {to: 2.3.1, automatic: false}"
#     good: "rollback: {to: 2.3.1, automatic: true}"
outcome["rollout/rollback-not-automatic"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.automaticRollbackFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable("no target is named: see rollout/rollback-target-missing") if targetless

else := lib.passed if input.facts.rollout.rollback.automatic == true

else := lib.failed(["spec", "rollout", "rollback", "automatic"], {})
