package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The rollback target is the previous release
# description: |
#   A rollback returns to what ran before. Where the version did not change, the target is the one that the previous release
#   named; where it named none, nothing is there to compare with. A change that is itself a rollback is not asked.
# custom:
#   severity: error
#   message: "The rollback target is {target}; the release to go back to is {rollbackTarget}."
#   remediation: "Write `to: {rollbackTarget}` under `spec.rollout.rollback`."
#   settings: [rollout.rollbackFrom]
#   optional: [input.change.operation, input.facts.rollout.plan, input.facts.rollout.rollback.own, input.facts.rollout.rollback.stated, input.facts.rollout.rollback.targetKnown, input.facts.rollout.rollback.to, input.previous.status, input.settings.rollout.rollbackFrom]
#   references: ["NIST AI RMF 1.0, MANAGE 2.4: mechanisms to supersede or deactivate a system"]
#   example:
#     bad: "version: 2.4.0  # rollback: {to: 2.2.0}, and 2.3.1 is in production"
#     good: "version: 2.4.0  # rollback: {to: 2.3.1}"
outcome["rollout/rollback-target-not-previous"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.rollbackFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable("it is the first release: there is nothing to return to") if first_release

else := lib.not_applicable("the change is itself a rollback") if input.change.operation == "rollback"

else := lib.not_applicable("no target is named: see rollout/rollback-target-missing") if targetless

else := lib.not_applicable("the target is the release itself: see rollout/rollback-to-itself") if {
	input.facts.rollout.rollback.own == true
}

else := lib.unknown(input.previous.reason) if input.previous.status == "unavailable"

else := lib.not_applicable("the version did not change, and the previous release names nothing that it went back to") if {
	input.facts.rollout.rollback.targetKnown == false
}

else := lib.passed if {
	input.previous.release.spec.version != input.release.spec.version
	input.release.spec.rollout.rollback.to == input.previous.release.spec.version
}

else := lib.passed if {
	input.previous.release.spec.version == input.release.spec.version
	input.release.spec.rollout.rollback.to == input.previous.release.spec.rollout.rollback.to
}

else := result if {
	violation := lib.finding(["spec", "rollout", "rollback", "to"], target_details)
	result := {"outcome": "failed", "violations": {lib.beside(violation, [lib.in_previous(["spec", "version"])])}}
}

else := lib.failed(["spec", "rollout", "rollback", "to"], {})

target_details := {"target": input.release.spec.rollout.rollback.to}
