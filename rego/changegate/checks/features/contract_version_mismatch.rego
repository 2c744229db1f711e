package changegate.checks.features

import data.changegate.lib

# METADATA
# title: A release names the contract's version
# description: A release that was made for another version of a contract reads features that it was not trained on.
# custom:
#   severity: error
#   message: "The manifest names version {statedVersion} of the contract {name}. The contract is version {version}."
#   remediation: "See what changed between the two, then write `version: {version}` for {name} under `features.contracts`."
#   settings: [features.contractsFrom]
#   optional: [input.evidence.features.contracts.name, input.evidence.features.contracts.place, input.evidence.features.contracts.status, input.facts.features.contracts.name, input.facts.features.contracts.statedVersion, input.facts.features.contracts.version, input.facts.features.contracts.place]
#   references: ["https://changegate.dev/schemas/feature-contract.schema.json"]
#   example:
#     bad: "contracts: [{name: transactions, version: 2, path: contracts/transactions.yaml}]  # which is version 3"
#     good: "contracts: [{name: transactions, version: 3, path: contracts/transactions.yaml}]"
outcome["features/contract-version-mismatch"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(no_contracts) if unnamed

else := lib.not_applicable(none_read) if unread

else := result if {
	result := lib.none_of(lib.at_place(input.facts.features.contracts, current, version_details, ["place"], contracts_path), read)
}

else := lib.failed(contracts_path, {})

current contains index if {
	some index, contract in input.facts.features.contracts
	contract.versionSays in {"same", "not-said"}
}

version_details[index] := details if {
	some index, contract in input.facts.features.contracts
	details := {"name": contract.name, "statedVersion": contract.statedVersion, "version": contract.version}
}
