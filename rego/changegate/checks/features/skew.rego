package changegate.checks.features

import data.changegate.lib

# METADATA
# title: A model is served with what it was made with
# description: Where the training and the serving of a model describe its inputs and outputs differently, one of the two is wrong, and the model answers all the same.
# custom:
#   severity: error
#   message: "The {side} {name} of {model} is another in its signature ({kind}): {trained} there, {served} in the manifest."
#   remediation: "Write the {side} into the manifest as the signature has it; or train the model on what it is served with, and commit the signature that this writes."
#   settings: [features.contractsFrom, features.allowedConversions]
#   optional: [input.facts.features.skew.side, input.facts.features.skew.name, input.facts.features.skew.kind, input.facts.features.skew.trained, input.facts.features.skew.served, input.facts.features.skew.place]
#   references: ["https://developers.google.com/machine-learning/guides/rules-of-ml#rule_29"]
#   example:
#     bad: "{name: amount, dtype: float64}  # a float in the signature"
#     good: "{name: amount, dtype: float32}"
outcome["features/skew"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(no_signature) if input.facts.features.signature.status == "none"

else := lib.not_applicable("the signature could not be read: see features/signature-unreadable") if {
	input.facts.features.signature.status in {"absent", "invalid", "unavailable"}
}

else := result if result := lib.none_of(lib.at_place(input.facts.features.skew, alike, skew_details, ["place"], features_path), compared_with_signature)

else := lib.failed(features_path, {})

compared_with_signature if {
	input.settings.features.contractsFrom in lib.tiers
	input.facts.features.signature.status == "present"
	count(input.facts.features.skew) >= 0
}

alike contains index if {
	some index, one in input.facts.features.skew
	one.kind == "type"
	one.conversion in input.settings.features.allowedConversions
	one.conversion != "unknown"
}

skew_details[index] := details if {
	some index, one in input.facts.features.skew
	details := {"side": one.side, "name": one.name, "kind": one.kind, "trained": one.trained, "served": one.served}
}
