package changegate.checks.features

import data.changegate.lib

# METADATA
# title: A contract that keeps to all of its versions does
# description: Step by step a contract may go where no reader of its first version can follow. A transitive mode promises that it does not.
# custom:
#   severity: error
#   message: "The contract {contract} promises to stay {mode}. Since {version} of the trusted branch it changed {name} ({kind}), which breaks that for {model}."
#   remediation: "Add the new beside the old, under a name that the contract never had, as a feature that may be missing; or write a contract of another name, and move its readers one by one."
#   settings: [features.contractsFrom, features.defaultCompatibility]
#   optional: [input.evidence.features.contracts.name, input.evidence.features.contracts.status, input.facts.features.contracts.name, input.facts.features.contracts.history.changes.name, input.facts.features.contracts.history.changes.kind, input.facts.features.contracts.history.changes.version, input.facts.features.contracts.history.changes.place, input.facts.features.contracts.history.reason]
#   references: ["https://docs.confluent.io/platform/current/schema-registry/fundamentals/schema-evolution.html"]
#   example:
#     bad: "{name: device_age, dtype: int64, nullable: true}  # a string in version 2, and gone since version 3"
#     good: "{name: device_age_days, dtype: int64, nullable: true}"
outcome["features/history-incompatible"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(no_contracts) if unnamed

else := lib.not_applicable(none_read) if unread

else := lib.unknown(min(unseen)) if count(unseen) > 0

else := lib.not_applicable("no contract that changed promises to keep to all of its versions") if {
	every contract in input.facts.features.contracts { contract.history.status == "absent" }
}

else := result if result := lib.none_of(incompatible_since, history_known)

else := lib.failed(contracts_path, {})

unseen contains contract.history.reason if {
	some contract in input.facts.features.contracts
	contract.history.status == "unavailable"
}

history_known if {
	modes_known
	every contract in input.facts.features.contracts {
		contract.history.status in {"present", "absent"}
		count(contract.history.changes) >= 0
	}
}

incompatible_since contains violation if {
	some index, contract in input.facts.features.contracts
	some position, change in contract.history.changes
	not [index, position] in keeping_since
	since := {"version": object.get(change, "version", "an earlier version")}
	details := object.union(change_details(index, contract, change), since)
	violation := lib.finding_of(change, details, contracts_path)
}

keeping_since contains [index, position] if {
	some index, contract in input.facts.features.contracts
	some position, change in contract.history.changes
	kept := kept_by[mode_of[index]]
	count(change.breaks) >= 0
	every direction in change.breaks { not direction in kept }
}
