package changegate.checks.features

import data.changegate.lib

# METADATA
# title: A contract is the file that the manifest pins
# description: A digest is the version of what has none. Another one is another contract, which nobody held the model against.
# custom:
#   severity: error
#   message: "The contract {name} is not the one that {model} pins: {reason}."
#   remediation: "See what changed in the contract, then write its digest and a new `version` for {name} under `features.contracts`; or take the change of the contract back."
#   settings: [features.contractsFrom]
#   optional: [input.facts.features.contracts.name, input.facts.features.contracts.otherDigest, input.facts.features.contracts.place, input.evidence.features.contracts.name, input.evidence.features.contracts.status, input.evidence.features.contracts.place, input.facts.features.contracts.version]
#   references: ["https://slsa.dev/spec/v1.0/terminology"]
#   example:
#     bad: "contracts: [{name: transactions, version: 1, path: contracts/transactions.avsc, digest: sha256:…}]  # of the file before"
#     good: "contracts: [{name: transactions, version: 2, path: contracts/transactions.avsc, digest: sha256:…}]  # of the file now"
outcome["features/contract-digest-mismatch"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(no_contracts) if unnamed

else := lib.not_applicable(none_read) if unread

else := result if result := lib.none_of(repinned, read)

else := lib.failed(contracts_path, {})

repinned contains violation if {
	some index, contract in input.facts.features.contracts
	not index in same_digest
	details := {"name": object.get(contract, "name", ""), "reason": object.get(contract, "otherDigest", "")}
	violation := lib.finding(pin_path(contract), details)
}

same_digest contains index if {
	some index, contract in input.facts.features.contracts
	contract.pinned in {"version", "digest", "no"}
}

# METADATA
# description: The digest that a manifest pins a contract by, beside the version that the contract's own place names.
pin_path(contract) := array.concat(array.slice(object.get(contract, ["place", "path"], contracts_path), 0, 4), ["digest"])
