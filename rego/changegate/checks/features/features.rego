# METADATA
# title: Features
# description: What a model reads, who promises it, and what its callers rely on.
# custom:
#   subject: release
#   path: [spec, features]
package changegate.checks.features

import data.changegate.lib
import data.changegate.risk

no_contracts := "the manifest names no contract"

none_read := "no contract could be read: see features/contract-missing and features/contract-invalid"

none_given := "no contract promises an input of this release"

inputs_path := ["spec", "features", "inputs"]

contracts_path := ["spec", "features", "contracts"]

contract_details[index] := details if {
	some index, contract in input.evidence.features.contracts
	details := {"name": contract.name, "reason": contract.reason}
}

below_contracts if {
	input.settings.features.contractsFrom in risk.beyond
}

unnamed if count(input.evidence.features.contracts) == 0

named if {
	input.settings.features.contractsFrom in lib.tiers
	input.evidence.features.status == "present"
	count(input.evidence.features.contracts) > 0
}

unread if count(input.facts.features.contracts) == 0

read if {
	named
	count(input.facts.features.contracts) > 0
}

ungiven if {
	every one in input.facts.features.inputs { one.promise in {"none", "not-listed", "unread", "not-given"} }
}

unpromised contains index if {
	some index, one in input.facts.features.inputs
	one.promise in {"none", "not-listed", "unread", "not-given"}
}

has_inputs if {
	input.settings.features.contractsFrom in lib.tiers
	count(input.facts.features.inputs) > 0
}

# METADATA
# description: What the contract of an input promises of a term, beside what the release takes.
promise_beside(violation, term) := lib.beside(violation, [place |
	one := input.facts.features.inputs[violation.path[3]]
	place := {"message": "the contract", "at": one.places[term]}
])
