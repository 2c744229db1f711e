package changegate.checks.features

import data.changegate.lib

# METADATA
# title: An input takes the missing values that are promised
# description: A null that the model does not expect becomes a NaN in its answer, or an error.
# custom:
#   severity: error
#   message: "By the contract {contract}, {name} may be missing. The model {model} takes no missing value."
#   remediation: "Write `nullable: true` for {name} if the model was trained to take it; or fill it in the feature pipeline, and say `nullable: false` in the contract."
#   settings: [features.contractsFrom]
#   optional: [input.facts.features.inputs.name, input.facts.features.inputs.contract, input.facts.features.inputs.nulls.promised, input.facts.features.inputs.nulls.accepted, input.facts.features.inputs.places]
#   references: ["https://changegate.dev/schemas/feature-contract.schema.json"]
#   example:
#     bad: "{name: seconds_since_last, dtype: int64, contract: transactions, nullable: false}"
#     good: "{name: seconds_since_last, dtype: int64, contract: transactions, nullable: true}"
outcome["features/nullability-mismatch"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(none_given) if ungiven

else := result if result := lib.none_of(unfilled, has_inputs)

else := lib.failed(inputs_path, {})

unfilled contains promise_beside(violation, "nullable") if {
	some violation in lib.at_index(input.facts.features.inputs, filled, null_details, inputs_path, ["nullable"])
}

filled contains index if some index in unpromised

filled contains index if {
	some index, one in input.facts.features.inputs
	one.promise == "given"
	one.nulls.promised in {false, "not-said"}
}

filled contains index if {
	some index, one in input.facts.features.inputs
	one.promise == "given"
	one.nulls.accepted == true
}

null_details[index] := details if {
	some index, one in input.facts.features.inputs
	details := {"name": one.name, "contract": one.contract}
}
