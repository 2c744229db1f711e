package changegate.checks.features

import data.changegate.lib

# METADATA
# title: An input has the unit that is promised
# description: A number in another unit is a number like any other, so nothing but this line tells cents from euros.
# custom:
#   severity: error
#   message: "The contract {contract} promises {name} in {promised}; the model {model} reads it in {accepted}."
#   remediation: "Write `unit: {promised}` for {name} in the manifest if the model was trained on that; or convert it in the feature pipeline, and promise {accepted} in the contract with a new `version`."
#   settings: [features.contractsFrom]
#   optional: [input.facts.features.inputs.name, input.facts.features.inputs.contract, input.facts.features.inputs.unit.promised, input.facts.features.inputs.unit.accepted, input.facts.features.inputs.places]
#   references: ["https://changegate.dev/schemas/feature-contract.schema.json"]
#   example:
#     bad: "{name: amount, dtype: float64, contract: transactions, unit: cent}  # promised in EUR"
#     good: "{name: amount, dtype: float64, contract: transactions, unit: EUR}"
outcome["features/unit-mismatch"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(none_given) if ungiven

else := result if result := lib.none_of(other_unit, has_inputs)

else := lib.failed(inputs_path, {})

other_unit contains promise_beside(violation, "unit") if {
	some violation in lib.at_index(input.facts.features.inputs, same_unit, unit_details, inputs_path, ["unit"])
}

same_unit contains index if some index in unpromised

same_unit contains index if {
	some index, one in input.facts.features.inputs
	one.promise == "given"
	one.unit.compared in {"same", "not-stated"}
}

unit_details[index] := details if {
	some index, one in input.facts.features.inputs
	details := {
		"name": one.name, "contract": one.contract,
		"promised": one.unit.promised, "accepted": one.unit.accepted,
	}
}
