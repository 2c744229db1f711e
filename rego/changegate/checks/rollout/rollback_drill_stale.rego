package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The rollback was practised recently
# description: What worked long ago may not work any more.
# custom:
#   severity: error
#   message: "The rollback drill is {ageSeconds} old; at most {maximumSeconds} are allowed."
#   remediation: "Practise the rollback again, and commit the new report with its digest."
#   settings: [rollout.drillFrom, rollout.maximumDrillAgeSeconds]
#   optional: [input.evidence.rollout.drill.at, input.facts.rollout.plan, input.settings.rollout.drillFrom]
#   references: ["https://sre.google/sre-book/testing-reliability/"]
#   example:
#     bad: "performedAt: 2025-01-10T09:00:00Z  # in the drill's report"
#     good: "performedAt: 2026-10-30T09:00:00Z  # in the drill's report"
outcome["rollout/rollback-drill-stale"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.drillFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(no_drill) if drill.status in {"absent", "invalid"}

else := lib.unknown(drill.reason) if drill.status == "unavailable"

else := lib.passed if {
	drill.status == "present"
	input.facts.rollout.drill.ageSeconds <= input.settings.rollout.maximumDrillAgeSeconds
}

else := result if result := lib.failed_at(object.union(drill.at, {"path": ["performedAt"]}), stale_details)

else := result if result := lib.failed(drill_path, stale_details)

else := lib.failed(drill_path, {})

stale_details := {
	"ageSeconds": input.facts.rollout.drill.ageSeconds,
	"maximumSeconds": input.settings.rollout.maximumDrillAgeSeconds,
}
