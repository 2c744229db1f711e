package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The strategy has what it needs
# description: |
#   A shadow without a shadow phase, an experiment without a hypothesis, tiers, cohorts or a feature switch that are not there,
#   a blue-green without a time to watch the new release in: the strategy is then only a word.
# custom:
#   severity: error
#   message: "The strategy {strategy} needs `{block}` under `spec.rollout`: {purpose}."
#   remediation: "Add it there, for example `{needed}`; or choose `strategy: canary` with `steps`."
#   settings: [rollout.planFrom]
#   optional: [input.facts.rollout.plan, input.facts.rollout.strategy, input.facts.rollout.needs.block, input.settings.rollout.planFrom]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "rollout: {strategy: shadow, steps: [{weight: 5, bake: 30m}, {weight: 100}]}"
#     good: "rollout: {strategy: shadow, shadow: {percent: 100, duration: 1h}, steps: [{weight: 5, bake: 30m}, {weight: 100}]}"
outcome["rollout/strategy-incomplete"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.planFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable("the strategy needs nothing but its steps") if count(input.facts.rollout.needs) == 0

else := lib.passed if lib.all_good(input.facts.rollout.needs, met, has_needs)

else := {"outcome": "failed", "violations": unmet} if count(unmet) > 0

else := lib.failed(["spec", "rollout", "strategy"], {})

has_needs if count(input.facts.rollout.needs) > 0

met contains index if {
	some index, need in input.facts.rollout.needs
	need.stated == true
}

unmet contains lib.finding(["spec", "rollout", block], details) if {
	some index, need in input.facts.rollout.needs
	not index in met
	block := need.block
	details := object.union(needed_for[block], {
		"strategy": input.facts.rollout.strategy,
		"block": block,
	})
}

needed_for := {
	"steps": {"needed": "steps: [{weight: 100, bake: 1h}]", "purpose": "a `bake` in which the new release is watched before the old one goes"},
	"shadow": {"needed": "shadow: {percent: 100, duration: 1h}", "purpose": "how much of the traffic is mirrored, and for how long"},
	"featureSwitch": {"needed": "featureSwitch: {pipeline: transactions, version: 4.0.0}", "purpose": "the feature pipeline that switches with the model"},
	"cohorts": {"needed": "cohorts: [{name: employees, percent: 5}, {name: everyone, percent: 95}]", "purpose": "which devices come one after another"},
	"tiers": {"needed": "tiers: [{name: small, model: support-chat, share: 0.8}, {name: large, model: support-chat-large, share: 0.2}]", "purpose": "which model answers which share of the requests"},
	"ab": {"needed": "ab: {hypothesis: Fewer people give up a search., metric: abandonment, duration: 2w}", "purpose": "what is expected, and how it is measured"},
}
