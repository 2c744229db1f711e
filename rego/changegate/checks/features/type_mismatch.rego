package changegate.checks.features

import data.changegate.lib

# METADATA
# title: An input can hold the promised type
# description: A value of another type is rounded, cut off or refused while the model serves, and not before.
# custom:
#   severity: error
#   message: "The contract {contract} promises {name} as {promised}; the model {model} reads it as {accepted}."
#   remediation: "Write `dtype: {promised}` for {name} and retrain on it, or convert it in the feature pipeline and raise the contract's version."
#   settings: [features.contractsFrom, features.allowedConversions]
#   optional: [input.facts.features.inputs.name, input.facts.features.inputs.contract, input.facts.features.inputs.type.promised, input.facts.features.inputs.type.accepted, input.facts.features.inputs.places]
#   references: ["https://avro.apache.org/docs/1.12.0/specification/#schema-resolution"]
#   example:
#     bad: "{name: amount, dtype: float32, contract: transactions}  # promised as float64"
#     good: "{name: amount, dtype: float64, contract: transactions}"
outcome["features/type-mismatch"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(none_given) if ungiven

else := result if result := lib.none_of(untyped, has_inputs)

else := lib.failed(inputs_path, {})

untyped contains promise_beside(violation, "dtype") if {
	some violation in lib.at_index(input.facts.features.inputs, typed, type_details, inputs_path, ["dtype"])
}

typed contains index if some index in unpromised

typed contains index if {
	some index, one in input.facts.features.inputs
	one.promise == "given"
	one.type.conversion in input.settings.features.allowedConversions
}

# NOTE: what is not known is no mismatch: features/type-unknown closes on it.
typed contains index if {
	some index, one in input.facts.features.inputs
	one.promise == "given"
	one.type.conversion == "unknown"
}

type_details[index] := details if {
	some index, one in input.facts.features.inputs
	details := {
		"name": one.name, "contract": one.contract,
		"promised": one.type.promised, "accepted": one.type.accepted,
	}
}
