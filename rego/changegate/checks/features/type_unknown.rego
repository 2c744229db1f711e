package changegate.checks.features

import data.changegate.lib

# METADATA
# title: The type of a promised input is known
# description: A type without a counterpart may hold anything, and is like no type of an input, not even one of the same name.
# custom:
#   severity: error
#   message: "Nobody can tell what {model} gets for {name}: {promised}, as the contract {contract} has it, is no type that is known."
#   remediation: "Give {name} a type in the contract that has a counterpart ({docs}/evidence.md#types); or let the model {model} read another feature, and take {name} out of its inputs."
#   settings: [features.contractsFrom]
#   optional: [input.facts.features.inputs.name, input.facts.features.inputs.contract, input.facts.features.inputs.type.promised, input.facts.features.inputs.type.accepted, input.facts.features.inputs.places]
#   references: ["https://avro.apache.org/docs/1.12.0/specification/#unions"]
#   example:
#     bad: '{"name": "amount", "type": ["double", "string"]}  # a field of the Avro record'
#     good: '{"name": "amount", "type": "double"}'
outcome["features/type-unknown"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(none_given) if ungiven

else := result if result := lib.none_of(unknown_typed, has_inputs)

else := lib.failed(inputs_path, {})

unknown_typed contains promise_beside(violation, "dtype") if {
	some violation in lib.at_index(input.facts.features.inputs, known_typed, type_details, inputs_path, ["dtype"])
}

known_typed contains index if some index in unpromised

known_typed contains index if {
	some index, one in input.facts.features.inputs
	one.promise == "given"
	one.type.conversion in {"same", "widening", "unsized", "lossy", "incompatible"}
}
