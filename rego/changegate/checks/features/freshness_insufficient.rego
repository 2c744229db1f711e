package changegate.checks.features

import data.changegate.lib

# METADATA
# title: An input is as fresh as the model needs it
# description: A value that comes too late describes a world that is gone, and no type or range shows it.
# custom:
#   severity: error
#   message: "The model {model} may read {name} for {needed} at most. The contract {contract} promises {promised}."
#   remediation: "Serve {name} faster, and write `freshness: {needed}` for it in the contract; or write a longer `freshness` for it in the manifest, if the model was measured on values of that age."
#   settings: [features.contractsFrom]
#   optional: [input.facts.features.inputs.name, input.facts.features.inputs.contract, input.facts.features.inputs.age.needed, input.facts.features.inputs.age.promised, input.facts.features.inputs.places]
#   references: ["https://sre.google/workbook/data-processing/"]
#   example:
#     bad: "{name: amount, dtype: float64, contract: transactions, freshness: 1m}  # promised within 1h"
#     good: "{name: amount, dtype: float64, contract: transactions, freshness: 1h}"
outcome["features/freshness-insufficient"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(none_given) if ungiven

else := result if result := lib.none_of(late, has_inputs)

else := lib.failed(inputs_path, {})

late contains promise_beside(violation, object.get(late_terms, violation.path[3], "feature")) if {
	some violation in lib.at_index(input.facts.features.inputs, fresh, age_details, inputs_path, ["freshness"])
}

late_terms[index] := "freshness" if {
	some index, one in input.facts.features.inputs
	one.places.freshness
}

fresh contains index if some index in unpromised

fresh contains index if {
	some index, one in input.facts.features.inputs
	one.promise == "given"
	one.age.asked == false
}

fresh contains index if {
	some index, one in input.facts.features.inputs
	one.promise == "given"
	one.age.promisedSeconds <= one.age.neededSeconds
}

age_details[index] := details if {
	some index, one in input.facts.features.inputs
	details := {
		"name": one.name, "contract": one.contract,
		"needed": one.age.needed, "promised": one.age.promised,
	}
}
