package changegate.checks.features

import data.changegate.lib

# METADATA
# title: A contract that a release names is there
# description: A promise that nobody can read is none.
# custom:
#   severity: error
#   message: "The contract {name} is not there: {reason}."
#   remediation: "Write the path of the contract, from the repository's root, into `features.contracts`; or commit the file."
#   settings: [features.contractsFrom]
#   optional: [input.evidence.features.contracts.name, input.evidence.features.contracts.place]
#   references: ["https://changegate.dev/schemas/feature-contract.schema.json"]
#   example:
#     bad: "contracts: [{name: transactions, version: 3, path: transactions.yaml}]  # no such file"
#     good: "contracts: [{name: transactions, version: 3, path: contracts/transactions.yaml}]"
outcome["features/contract-missing"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(no_contracts) if unnamed

else := result if result := lib.none_of(lib.at_place(input.evidence.features.contracts, found, contract_details, ["place"], contracts_path), named)

else := lib.failed(contracts_path, {})

found contains index if {
	some index, contract in input.evidence.features.contracts
	contract.status in {"present", "invalid"}
}
