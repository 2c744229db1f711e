package changegate.checks.features

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A new contract version is switched together with the model
# description: |
#   While traffic is split, either the old model reads the new features or the new one the old, unless both switch as one. That
#   is asked where the release reads another version of a contract, where an input comes from a contract of another name that
#   promises something else, and where features that it reads change in a way that breaks both directions.
# custom:
#   severity: error
#   message: "The release moves to another version of {contracts}, or to content that neither side can read of the other, and its strategy {strategy} does not switch features and model together."
#   remediation: 'Write `strategy: feature-locked` under `spec.rollout`, and beside it the switch of the feature pipeline, such as `featureSwitch: {pipeline: transactions, version: "4"}`.'
#   settings: [features.lockedFrom, features.lockedStrategies]
#   optional: [input.facts.rollout.plan]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "contracts: [{name: transactions, version: 4, …}]  # it was 3, and rollout: {strategy: canary, …}"
#     good: "contracts: [{name: transactions, version: 4, …}]  # it was 3, and rollout: {strategy: feature-locked, …}"
outcome["features/not-locked"] := lib.not_applicable(lib.low_tier) if {
	input.settings.features.lockedFrom in risk.beyond
}

else := lib.not_applicable("there is no previous release") if input.previous.status == "absent"

else := lib.unknown(input.previous.reason) if input.previous.status == "unavailable"

else := lib.not_applicable("no contract has to be switched with the model") if count(input.facts.features.switches) == 0

else := lib.not_applicable("there is no rollout plan: see rollout/plan-missing") if {
	input.facts.rollout.plan in {"absent", "not-applicable"}
}

else := lib.passed if {
	input.settings.features.lockedFrom in lib.tiers
	input.previous.status == "present"
	count(input.facts.features.switches) > 0
	input.facts.rollout.strategy in input.settings.features.lockedStrategies
}

else := result if {
	violation := lib.finding(["spec", "rollout", "strategy"], locked_details)
	result := {"outcome": "failed", "violations": {lib.beside(violation, switched)}}
}

else := lib.failed(["spec", "rollout", "strategy"], {})

switched := [place |
	some switch in input.facts.features.switches
	some place in object.get(switch, "related", [])
]

locked_details := {
	"contracts": [switch.name | some switch in input.facts.features.switches],
	"strategy": input.facts.rollout.strategy,
}
