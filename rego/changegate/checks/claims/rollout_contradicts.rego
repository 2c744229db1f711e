package changegate.checks.claims

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: What is said of the rollout can be true together
# description: A strategy that moves all traffic at once beside steps, devices where there are none, a controller that has nothing to move, a phase that lasts no time. The plan would be one of the two.
# custom:
#   severity: error
#   message: "{claim} and {against} cannot both be true: {why}."
#   remediation: "{mend}"
#   settings: [claims.contradictionsFrom, claims.accepted]
#   optional: [input.settings.claims]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "rollout: {strategy: blue-green, steps: [{weight: 5, bake: 30m}, {weight: 100, bake: 1h}]}"
#     good: "rollout: {strategy: blue-green, steps: [{weight: 100, bake: 1h}]}"
outcome["claims/rollout-contradicts"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := result if result := lib.none_of(excluded(input.facts.claims.rollout, rollout_words), looked_at(input.facts.claims.rollout))

else := lib.failed(["spec", "rollout"], {})

rollout_words["replaced-in-steps"] := {
	"why": "a replacement takes all traffic at once",
	"mend": "Write `strategy: canary`, or take the steps out that take less than all traffic.",
}

rollout_words["switched-in-steps"] := {
	"why": "a blue-green takes all traffic at once",
	"mend": "Write `strategy: canary`, or take the steps out that take less than all traffic, and keep a `bake` in the last one.",
}

rollout_words["devices-without-edge"] := {
	"why": "it goes from one cohort of devices to the next",
	"mend": "Write `platform: edge` if it runs on devices; else `strategy: canary`, and take `cohorts` and every `cohort` out.",
}

rollout_words["controller-of-another-platform"] := {
	"why": "that controller moves no traffic there",
	"mend": "Write the `target` that moves traffic there, or `target: none`; or the `platform` that it runs on.",
}

rollout_words["cohort-unknown"] := {
	"why": "no such cohort is listed",
	"mend": "Write the name of one of the `cohorts`, or add it there with its share.",
}

rollout_words["lasts-no-time"] := {
	"why": "in no time nothing is seen, and nothing is done",
	"mend": "Write how long it lasts, for example `1h`.",
}

rollout_words["experiment-cut-short"] := {
	"why": "the traffic is split only while a step with less than all of it bakes",
	"mend": "Lengthen the `bake` of those steps to the `duration` of the experiment, or shorten `duration`.",
}

rollout_words["back-to-a-later-version"] := {
	"why": "a rollback leads to what ran before",
	"mend": "Write the version that is in production now into `rollback.to`; a first release names none.",
}
