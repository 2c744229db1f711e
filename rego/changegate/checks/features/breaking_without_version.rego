package changegate.checks.features

import data.changegate.lib

# METADATA
# title: A contract does not break its readers under the same version
# description: Readers follow a contract by its version, so a promise that is loosened under the old one reaches them unseen.
# custom:
#   severity: error
#   message: "The contract {contract}, which {model} reads, changes what it promises of {name} ({kind}), and its version did not rise."
#   remediation: "Raise `version` in the contract above {versionBefore}, and write the new version in every manifest that reads it, with a rollout that is `feature-locked`; or take the change back."
#   settings: [features.contractsFrom, features.compatibleContractChanges]
#   optional: [input.evidence.features.contracts.name, input.evidence.features.contracts.place, input.evidence.features.contracts.status, input.facts.features.contracts.name, input.facts.features.contracts.place, input.facts.features.contracts.versionMoved, input.facts.features.contracts.before.version, input.facts.features.contracts.version]
#   references: ["https://docs.confluent.io/platform/current/schema-registry/fundamentals/schema-evolution.html"]
#   example:
#     bad: "version: 3  # in the contract, with a feature removed"
#     good: "version: 4  # in the contract, with a feature removed"
outcome["features/breaking-without-version"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(no_contracts) if unnamed

else := lib.not_applicable(none_read) if unread

else := result if result := lib.none_of(breaks, compared)

else := lib.failed(contracts_path, {})

compared if {
	read
	count(input.settings.features.compatibleContractChanges) >= 0
	every contract in input.facts.features.contracts {
		contract.before.status in {"present", "absent", "invalid"}
		count(contract.changes) >= 0
	}
}

breaks contains violation if {
	some index, contract in input.facts.features.contracts
	not index in raised
	some position, change in contract.changes
	not [index, position] in compatible
	details := {
		"contract": object.get(contract, "name", ""),
		"name": object.get(change, "name", ""), "kind": object.get(change, "kind", ""),
		"versionBefore": object.get(contract, ["before", "version"], "the old one"),
	}
	violation := lib.finding_of(change, details, contracts_path)
}

# NOTE: not written as `not change.kind in …` above: with either side undefined that body holds for no change at all.
compatible contains [index, position] if {
	some index, contract in input.facts.features.contracts
	some position, change in contract.changes
	change.kind in input.settings.features.compatibleContractChanges
}

raised contains index if {
	some index, contract in input.facts.features.contracts
	contract.versionMoved == "raised"
}
