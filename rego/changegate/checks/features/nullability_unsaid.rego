package changegate.checks.features

import data.changegate.lib

# METADATA
# title: A contract says whether values may be missing
# description: Some formats have no word for missing values. That is no promise that there are none.
# custom:
#   severity: warning
#   message: "The contract {contract} does not say whether {name} may be missing, and the model {model} takes no missing value."
#   remediation: "Write `nullable: true` for {name} if the model was trained to take missing values; or promise it in a contract whose format can say it, such as `kind: FeatureContract`."
#   settings: [features.contractsFrom]
#   optional: [input.facts.features.inputs.name, input.facts.features.inputs.contract, input.facts.features.inputs.nulls.promised, input.facts.features.inputs.nulls.accepted, input.facts.features.inputs.places]
#   references: ["https://docs.feast.dev/getting-started/concepts/feature-view"]
#   example:
#     bad: "inputs: [{name: amount, dtype: float64, contract: transactions}]  # a feature view of Feast"
#     good: "inputs: [{name: amount, dtype: float64, contract: transactions, nullable: true}]"
outcome["features/nullability-unsaid"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(none_given) if ungiven

else := result if result := lib.none_of(unsaid, has_inputs)

else := lib.failed(inputs_path, {})

unsaid contains promise_beside(violation, "feature") if {
	some violation in lib.at_index(input.facts.features.inputs, nulls_said, null_details, inputs_path, ["name"])
}

nulls_said contains index if some index in unpromised

nulls_said contains index if {
	some index, one in input.facts.features.inputs
	one.promise == "given"
	one.nulls.promised in {true, false}
}

nulls_said contains index if {
	some index, one in input.facts.features.inputs
	one.promise == "given"
	one.nulls.accepted == true
}
