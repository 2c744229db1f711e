package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The rollback was practised
# description: A rollback that nobody has tried may not work, and an incident is the wrong time to find out.
# custom:
#   severity: error
#   message: "There is no report of a rollback drill: {reason}."
#   remediation: 'Practise the rollback, commit its report, and name it under `spec.rollout.rollback`: `drill: {path: {beside}evidence/rollback-drill.json, digest: sha256:…}`. The report is `{"model": "{model}", "performedAt": "2026-10-30T09:00:00Z", "durationSeconds": 412, "outcome": "succeeded"}`.'
#   settings: [rollout.drillFrom]
#   optional: [input.evidence.rollout.drill.at, input.facts.rollout.plan, input.facts.rollout.rollback.stated, input.facts.rollout.rollback.to, input.previous.status, input.settings.rollout.drillFrom]
#   references: ["https://sre.google/sre-book/testing-reliability/"]
#   example:
#     bad: "rollback: {to: 2.3.1, automatic: true}"
#     good: "rollback: {to: 2.3.1, automatic: true, drill: {path: evidence/rollback-drill.json, digest: sha256:…}}"
outcome["rollout/rollback-drill-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.drillFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable("it is the first release: there is nothing to return to") if first_release

else := lib.not_applicable("no target is named: see rollout/rollback-target-missing") if targetless

else := lib.unknown(drill.reason) if drill.status == "unavailable"

else := lib.passed if drill.status == "present"

else := result if result := lib.failed_at(drill.at, {"reason": drill.reason})

else := result if result := lib.failed(drill_path, {"reason": drill.reason})

else := lib.failed(drill_path, {})
