package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The practised rollback worked, in time
# description: The drill shows whether the way back is there, and how long it takes. It may take no longer than the settings allow, and than `rollback.within` says.
# custom:
#   severity: error
#   message: "The rollback drill did not succeed in time: it took {durationSeconds}; {maximumSeconds} are allowed."
#   remediation: "Mend the rollback, practise it again, and commit the new report with its digest."
#   settings: [rollout.drillFrom, rollout.maximumRollbackSeconds]
#   optional: [input.evidence.rollout.drill.at, input.facts.rollout.plan, input.settings.rollout.drillFrom]
#   references: ["https://sre.google/sre-book/testing-reliability/"]
#   example:
#     bad: "{outcome: failed, durationSeconds: 5400}  # in the drill's report"
#     good: "{outcome: succeeded, durationSeconds: 420}  # in the drill's report"
outcome["rollout/rollback-drill-failed"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.drillFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(no_drill) if drill.status in {"absent", "invalid"}

else := lib.unknown(drill.reason) if drill.status == "unavailable"

else := lib.passed if {
	drill.status == "present"
	input.facts.rollout.drill.succeeded == true
	input.facts.rollout.drill.durationSeconds <= input.settings.rollout.maximumRollbackSeconds
	input.facts.rollout.drill.durationSeconds <= input.facts.rollout.rollback.withinSeconds
}

else := result if result := lib.failed_at(object.union(drill.at, {"path": ["outcome"]}), drill_details)

else := result if result := lib.failed(drill_path, drill_details)

else := lib.failed(drill_path, {})

drill_details := {
	"durationSeconds": input.facts.rollout.drill.durationSeconds,
	"maximumSeconds": least_limit,
}

# The shorter of what the settings allow and what the manifest promises.
least_limit := input.facts.rollout.rollback.withinSeconds if {
	input.facts.rollout.rollback.withinSeconds <= input.settings.rollout.maximumRollbackSeconds
}

least_limit := input.settings.rollout.maximumRollbackSeconds if {
	input.settings.rollout.maximumRollbackSeconds < input.facts.rollout.rollback.withinSeconds
}
