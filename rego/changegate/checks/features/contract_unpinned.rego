package changegate.checks.features

import data.changegate.lib

# METADATA
# title: A contract without a version is pinned by its digest
# description: Where a format has no versions, the version in the manifest says nothing of the file, and the file may change under it.
# custom:
#   severity: error
#   message: "The contract {name} says no version of its own ({format}), so version {statedVersion} in the manifest of {model} binds nothing."
#   remediation: "Write the `digest` of the file beside its path under `features.contracts`, as `sha256:` and what `sha256sum` prints; or promise {name} in a format that has versions."
#   settings: [features.contractsFrom]
#   optional: [input.facts.features.contracts.name, input.facts.features.contracts.format, input.facts.features.contracts.statedVersion, input.facts.features.contracts.place, input.evidence.features.contracts.name, input.evidence.features.contracts.status, input.evidence.features.contracts.place, input.facts.features.contracts.version]
#   references: ["https://slsa.dev/spec/v1.0/terminology"]
#   example:
#     bad: "contracts: [{name: transactions, version: 1, path: contracts/transactions.avsc}]"
#     good: "contracts: [{name: transactions, version: 1, path: contracts/transactions.avsc, digest: sha256:…}]"
outcome["features/contract-unpinned"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(no_contracts) if unnamed

else := lib.not_applicable(none_read) if unread

else := result if result := lib.none_of(lib.at_place(input.facts.features.contracts, pinned, pin_details, ["place"], contracts_path), read)

else := lib.failed(contracts_path, {})

pinned contains index if {
	some index, contract in input.facts.features.contracts
	contract.pinned in {"version", "digest", "other-digest"}
}

pin_details[index] := details if {
	some index, contract in input.facts.features.contracts
	details := {"name": contract.name, "format": contract.format, "statedVersion": contract.statedVersion}
}
