package changegate.checks.features

import data.changegate.lib

# METADATA
# title: A contract can be believed
# description: A contract that does not fit its schema, or contradicts itself, promises nothing that an input can be held against.
# custom:
#   severity: error
#   message: "The contract {name} is not valid: {reason}."
#   remediation: "Correct the contract, in whatever format it is written. One of ours has `apiVersion`, `kind: FeatureContract`, `name`, `version`, and every feature once with its `dtype`: {docs}/evidence.md"
#   settings: [features.contractsFrom]
#   optional: [input.evidence.features.contracts.name, input.evidence.features.contracts.place]
#   references: ["https://changegate.dev/schemas/feature-contract.schema.json"]
#   example:
#     bad: "features: [{name: amount, dtype: decimal}]  # in the contract"
#     good: "features: [{name: amount, dtype: float64, nullable: false}]  # in the contract"
outcome["features/contract-invalid"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(no_contracts) if unnamed

else := result if result := lib.none_of(lib.at_place(input.evidence.features.contracts, sound, contract_details, ["place"], contracts_path), named)

else := lib.failed(contracts_path, {})

sound contains index if {
	some index, contract in input.evidence.features.contracts
	contract.status in {"present", "absent"}
}
