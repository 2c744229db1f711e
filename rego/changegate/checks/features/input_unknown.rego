package changegate.checks.features

import data.changegate.lib

# METADATA
# title: A contract promises every input that names it
# description: An input that no pipeline fills is missing in production, whatever it was in training.
# custom:
#   severity: error
#   message: "The input {name} names the contract {contract}, which {problem}."
#   remediation: "Correct the name of the input or of its `contract`; or add the feature to the contract, or the contract to `features.contracts`."
#   settings: [features.contractsFrom]
#   optional: [input.facts.features.inputs.name, input.facts.features.inputs.contract, input.facts.features.inputs.places]
#   references: ["https://changegate.dev/schemas/feature-contract.schema.json"]
#   example:
#     bad: "inputs: [{name: ammount, dtype: float64, contract: transactions}]"
#     good: "inputs: [{name: amount, dtype: float64, contract: transactions}]"
outcome["features/input-unknown"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable("no input names a contract") if {
	every one in input.facts.features.inputs { one.promise == "none" }
}

else := result if result := lib.none_of(unknown, has_inputs)

else := lib.failed(inputs_path, {})

unknown contains promise_beside(violation, "feature") if {
	some violation in lib.at_index(input.facts.features.inputs, kept, unknown_details, inputs_path, ["name"])
}

kept contains index if {
	some index, one in input.facts.features.inputs
	one.promise in {"none", "unread", "given"}
}

# NOTE: built in the body: on the embedded engine one undefined value in a head takes every other entry of the rule with it.
unknown_details[index] := details if {
	some index, one in input.facts.features.inputs
	details := {"name": one.name, "contract": one.contract, "problem": problems[one.promise]}
}

problems := {
	"not-listed": "is not listed under `features.contracts`",
	"not-given": "promises no such feature",
}
