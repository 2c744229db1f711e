package changegate.checks.features

import data.changegate.lib

# METADATA
# title: A contract changes as it promises to
# description: A compatibility mode is a promise about changes, and holds under a new version, too. The mode at the base counts.
# custom:
#   severity: error
#   message: "The contract {contract} promises to stay {mode}. What it changes of {name} ({kind}) breaks that for {model}."
#   remediation: "Add the new beside the old, as a feature that may be missing, and say under `deprecated` when the old one goes; or write a contract of another name, and move its readers one by one."
#   settings: [features.contractsFrom, features.defaultCompatibility]
#   optional: [input.facts.features.inputs, input.evidence.features.contracts.name, input.evidence.features.contracts.status, input.facts.features.contracts.name, input.facts.features.contracts.changes.name, input.facts.features.contracts.changes.kind, input.facts.features.contracts.changes.place, input.evidence.features.contracts.place, input.facts.features.contracts.place]
#   references: ["https://docs.confluent.io/platform/current/schema-registry/fundamentals/schema-evolution.html"]
#   example:
#     bad: "compatibility: backward  # and a feature without which no reader of now can do is added"
#     good: "compatibility: backward  # and the new feature is nullable: true"
outcome["features/compatibility-broken"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(no_contracts) if unnamed

else := lib.not_applicable(none_read) if unread

else := result if result := lib.none_of(incompatible, modes_known)

else := lib.failed(contracts_path, {})

# METADATA
# description: What a mode asks that changes do not break, by mode.
kept_by := {
	"none": set(),
	"backward": {"backward"}, "backward-transitive": {"backward"},
	"forward": {"forward"}, "forward-transitive": {"forward"},
	"full": {"backward", "forward"}, "full-transitive": {"backward", "forward"},
}

modes_known if {
	read
	kept_by[input.settings.features.defaultCompatibility]
	count(mode_of) == count(input.facts.features.contracts)
	every contract in input.facts.features.contracts { count(contract.changes) >= 0 }
}

mode_of[index] := mode if {
	some index, contract in input.facts.features.contracts
	mode := object.get({"not-said": input.settings.features.defaultCompatibility}, contract.compatibility, contract.compatibility)
	kept_by[mode]
}

incompatible contains violation if {
	some index, contract in input.facts.features.contracts
	some position, change in contract.changes
	not [index, position] in keeping
	violation := lib.finding_of(change, change_details(index, contract, change), contracts_path)
}

change_details(index, contract, change) := {
	"contract": object.get(contract, "name", ""),
	"name": object.get(change, "name", ""), "kind": object.get(change, "kind", ""),
	"mode": object.get(mode_of, index, "as it was"),
}

keeping contains [index, position] if {
	some index, contract in input.facts.features.contracts
	some position, change in contract.changes
	kept := kept_by[mode_of[index]]
	count(change.breaks) >= 0
	every direction in change.breaks { not direction in kept }
}
