package changegate.checks.features

import data.changegate.lib

# METADATA
# title: An input takes the values that are promised
# description: Outside of the values it was trained on, a model answers with confidence and without ground.
# custom:
#   severity: error
#   message: "The contract {contract} promises {name} with the {key} {promised}; the model {model} takes {accepted}."
#   remediation: "Widen the {key} of {name} in the manifest, if the model was trained on it; or narrow it in the contract, with a new `version`."
#   settings: [features.contractsFrom]
#   optional: [input.facts.features.inputs.name, input.facts.features.inputs.contract, input.facts.features.inputs.values.key, input.facts.features.inputs.values.promised, input.facts.features.inputs.values.accepted, input.facts.features.inputs.places]
#   references: ["https://changegate.dev/schemas/feature-contract.schema.json"]
#   example:
#     bad: "{name: amount, dtype: float64, contract: transactions, range: [0, 1000]}  # promised up to 1000000"
#     good: "{name: amount, dtype: float64, contract: transactions, range: [0, 1000000]}"
outcome["features/range-mismatch"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(none_given) if ungiven

else := result if result := lib.none_of(ranged, has_inputs)

else := lib.failed(inputs_path, {})

within contains index if some index in unpromised

within contains index if {
	some index, one in input.facts.features.inputs
	one.promise == "given"
	one.values.compared in {"within", "not-stated"}
}

ranged contains promise_beside(violation, key) if {
	some index, one in input.facts.features.inputs
	not index in within
	key := object.get(one, ["values", "key"], "range")
	violation := lib.finding(array.concat(inputs_path, [index, key]), object.get(range_details, index, {}))
}

range_details[index] := details if {
	some index, one in input.facts.features.inputs
	details := {
		"name": one.name, "contract": one.contract, "key": one.values.key,
		"promised": one.values.promised, "accepted": one.values.accepted,
	}
}
