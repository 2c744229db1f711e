package changegate.checks.features

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release states its inputs
# description: What a model reads is what can break it, and nothing can be held against a contract that is not written down.
# custom:
#   severity: error
#   message: The release does not state its inputs.
#   remediation: "List what the model reads under `spec.features`, such as `inputs: [{name: amount, dtype: float64, contract: transactions, nullable: false}]`, and each contract that is named there under `contracts`."
#   settings: [features.inputsFrom, features.notApplicableTasks]
#   optional: [input.release, input.settings.features.notApplicableTasks]
#   references: ["NIST AI RMF 1.0, MAP 2.3: data availability and representativeness are documented"]
#   example:
#     bad: "spec: {version: 2.4.0}"
#     good: "features: {inputs: [{name: amount, dtype: float64, contract: transactions, nullable: false}]}"
outcome["features/inputs-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.features.inputsFrom in risk.beyond
}

else := lib.not_applicable("a model of this task reads no features, as the manifest says") if {
	input.facts.features.block == "not-applicable"
	input.release.spec.task in input.settings.features.notApplicableTasks
}

else := lib.passed if {
	input.settings.features.inputsFrom in lib.tiers
	input.facts.features.block == "present"
	count(input.facts.features.inputs) > 0
}

else := lib.failed(inputs_path, {})
