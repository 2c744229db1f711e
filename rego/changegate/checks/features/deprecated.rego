package changegate.checks.features

import data.changegate.lib

# METADATA
# title: Nothing that a release reads is about to go away
# description: A day that is known is time to move. After it the same line closes the gate, as features/retired.
# custom:
#   severity: warning
#   message: "The {of} {name}, which {model} reads, goes away on {on}; {successor}."
#   remediation: "Read what comes in its place before that day, and train the model on it; or agree on a later day with the owner of the contract, who writes it under `deprecated`."
#   settings: [features.contractsFrom]
#   optional: [input.facts.features.deprecations.of, input.facts.features.deprecations.name, input.facts.features.deprecations.on, input.facts.features.deprecations.successor, input.facts.features.deprecations.place, input.evidence.features.contracts.name, input.evidence.features.contracts.place, input.evidence.features.contracts.status, input.facts.features.contracts.name, input.facts.features.contracts.place]
#   references: ["https://changegate.dev/schemas/feature-contract.schema.json"]
#   example:
#     bad: "inputs: [{name: amount, …}]  # deprecated: {until: 2027-01-31, successor: amount_eur}"
#     good: "inputs: [{name: amount_eur, …}]"
outcome["features/deprecated"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(no_contracts) if unnamed

else := lib.not_applicable(none_read) if unread

else := result if result := lib.none_of(lib.at_place(input.facts.features.deprecations, not_ahead, leaving_details, ["place"], features_path), leaving_known)

else := lib.failed(features_path, {})

leaving_known if {
	read
	count(input.facts.features.deprecations) >= 0
}

not_ahead contains index if {
	some index, one in input.facts.features.deprecations
	one.stage == "past"
}

leaving_details[index] := details if {
	some index, one in input.facts.features.deprecations
	details := {"of": one.of, "name": one.name, "on": one.on, "successor": one.successor}
}
