package changegate.checks.claims

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: An objective is what its name says
# description: People and dashboards read the name, the rollout reads the numbers. An objective whose name says something else is kept by a release that breaks it.
# custom:
#   severity: error
#   message: "{claim} and {against} cannot both be true: {why}."
#   remediation: "{mend}"
#   settings: [claims.contradictionsFrom, claims.accepted]
#   optional: [input.settings.claims]
#   references: ["https://sre.google/workbook/implementing-slos/"]
#   example:
#     bad: "{name: latency-p95, thresholdMs: 300, objective: 0.5}"
#     good: "{name: latency-p95, thresholdMs: 300, objective: 0.95}"
outcome["claims/objectives-contradict"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := result if result := lib.none_of(excluded(input.facts.claims.objectives, objectives_words), looked_at(input.facts.claims.objectives))

else := lib.failed(["spec", "slos"], {})

objectives_words["percentile-denied"] := {
	"why": "the objective is the share of requests within the threshold: 0.95 of a P95",
	"mend": "Write the share that the name says into `objective` (0.95 for p95, 0.99 for p99), or give the objective the name of its share.",
}

objectives_words["latency-without-threshold"] := {
	"why": "a latency has a threshold, and without one this objective judges nothing",
	"mend": "Add the time within which a request is good, for example `thresholdMs: 300`; or give the objective a name that says what it is of.",
}

objectives_words["errors-with-threshold"] := {
	"why": "with a threshold it is an objective of the latency, and nothing limits the errors",
	"mend": "Take `thresholdMs` out; for the latency add an objective of its own: `{name: latency-p95, thresholdMs: 300, objective: 0.95, window: 30d}`.",
}

objectives_words["errors-as-objective"] := {
	"why": "`objective` is the share of requests that are good, and most of them would fail",
	"mend": "Write the share that must be good: 0.99 where 1% may fail.",
}

objectives_words["threshold-denied"] := {
	"why": "the name says another time",
	"mend": "Write the time of the name into `thresholdMs`, or take it out of the name.",
}

objectives_words["higher-percentile-faster"] := {
	"why": "whoever is within the higher percentile's time is within the lower one's",
	"mend": "Write a `thresholdMs` for the higher percentile that is no lower than that of the lower one.",
}
