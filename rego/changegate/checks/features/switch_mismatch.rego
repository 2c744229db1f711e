package changegate.checks.features

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The feature switch leads to the contract's version
# description: A switch to another version gives the new model the features of neither its training nor its contract.
# custom:
#   severity: error
#   message: "The rollout of {model} switches {pipeline} to version {version}. The release reads version {contractVersion} of that contract."
#   remediation: 'Write `version: "{contractVersion}"` in the `featureSwitch`; or have the release read version {version}, under `features.contracts`.'
#   settings: [features.lockedFrom]
#   optional: [input.facts.features.featureSwitch.pipeline, input.facts.features.featureSwitch.version, input.facts.features.featureSwitch.contractVersion, input.facts.features.featureSwitch.related]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: 'featureSwitch: {pipeline: transactions, version: "3"}  # and contracts: [{name: transactions, version: 4, …}]'
#     good: 'featureSwitch: {pipeline: transactions, version: "4"}'
outcome["features/switch-mismatch"] := lib.not_applicable(lib.low_tier) if {
	input.settings.features.lockedFrom in risk.beyond
}

else := lib.not_applicable("the rollout switches no features") if input.facts.features.featureSwitch.leads == "nowhere"

else := lib.not_applicable("the switch names no contract of the release") if {
	input.facts.features.featureSwitch.leads == "to-no-contract"
}

else := lib.passed if {
	input.settings.features.lockedFrom in lib.tiers
	input.facts.features.featureSwitch.leads == "to-the-contract"
}

else := result if {
	switch := input.facts.features.featureSwitch
	details := {"pipeline": switch.pipeline, "version": switch.version, "contractVersion": switch.contractVersion}
	violation := lib.finding(["spec", "rollout", "featureSwitch", "version"], details)
	result := {"outcome": "failed", "violations": {lib.beside(violation, object.get(switch, "related", []))}}
}

else := lib.failed(["spec", "rollout", "featureSwitch"], {})
