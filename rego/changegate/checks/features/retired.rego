package changegate.checks.features

import data.changegate.lib

# METADATA
# title: Nothing that a release reads is retired
# description: After its last day a feature may stop at any time, and nobody has to say so.
# custom:
#   severity: error
#   message: "The {of} {name}, which {model} reads, was to be read until {on}; {successor}."
#   remediation: "Read what comes in its place, and train the model on it; or agree on a later day with the owner of the contract, who writes it under `deprecated`."
#   settings: [features.contractsFrom]
#   optional: [input.facts.features.deprecations.of, input.facts.features.deprecations.name, input.facts.features.deprecations.on, input.facts.features.deprecations.successor, input.facts.features.deprecations.place, input.evidence.features.contracts.name, input.evidence.features.contracts.place, input.evidence.features.contracts.status, input.facts.features.contracts.name, input.facts.features.contracts.place]
#   references: ["https://changegate.dev/schemas/feature-contract.schema.json"]
#   example:
#     bad: "inputs: [{name: amount, …}]  # deprecated: {until: 2026-01-31, successor: amount_eur}"
#     good: "inputs: [{name: amount_eur, …}]"
outcome["features/retired"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(no_contracts) if unnamed

else := lib.not_applicable(none_read) if unread

else := result if result := lib.none_of(lib.at_place(input.facts.features.deprecations, not_past, leaving_details, ["place"], features_path), leaving_known)

else := lib.failed(features_path, {})

not_past contains index if {
	some index, one in input.facts.features.deprecations
	one.stage in {"ahead", "undated"}
}
