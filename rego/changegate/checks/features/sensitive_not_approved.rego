package changegate.checks.features

import data.changegate.lib

# METADATA
# title: A sensitive feature is read for a purpose that its contract approves
# description: Whoever gave the data gave it for a purpose. The contract at the base names the purposes, so that no change approves itself.
# custom:
#   severity: error
#   message: "{name} of the contract {contract} is {levels}, and is not approved for {purpose}, which {model} reads it for."
#   remediation: "Have the owner of the contract {contract} add the purpose to the `purposes` of {name}, in a change of its own before this one, and write it as `purpose` under `spec.features`; or take {name} out of the inputs."
#   settings: [features.contractsFrom, features.sensitiveLevels]
#   optional: [input.facts.features.inputs.name, input.facts.features.inputs.contract, input.facts.features.inputs.sensitivity.levels, input.facts.features.inputs.places, input.facts.features.purpose, input.facts.features.inputs.sensitivity.purposes]
#   references: ["GDPR, article 5(1)(b): purpose limitation", "NIST AI RMF 1.0, MAP 4.1: risks of third-party data are mapped"]
#   example:
#     bad: "purpose: marketing  # the contract says: sensitivity: personal, purposes: [fraud-detection]"
#     good: "purpose: fraud-detection"
outcome["features/sensitive-not-approved"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(none_given) if ungiven

else := result if result := lib.none_of(unapproved, has_inputs)

else := lib.failed(inputs_path, {})

unapproved contains promise_beside(violation, object.get(sensitive_terms, violation.path[3], "feature")) if {
	some violation in lib.at_index(input.facts.features.inputs, approved, sensitive_details, inputs_path, ["name"])
}

sensitive_terms[index] := "sensitivity" if {
	some index, one in input.facts.features.inputs
	one.places.sensitivity
}

approved contains index if some index in unpromised

approved contains index if {
	some index, one in input.facts.features.inputs
	one.promise == "given"
	count(input.settings.features.sensitiveLevels) >= 0
	every level in one.sensitivity.levels { not level in input.settings.features.sensitiveLevels }
}

approved contains index if {
	some index, one in input.facts.features.inputs
	one.promise == "given"
	input.facts.features.purpose in one.sensitivity.purposes
}

sensitive_details[index] := details if {
	some index, one in input.facts.features.inputs
	details := {
		"name": one.name, "contract": one.contract,
		"levels": one.sensitivity.levels, "purpose": purpose_said,
	}
}

purpose_said := "a purpose that it does not name" if {
	object.get(input.facts.features, "purpose", "") == ""
} else := input.facts.features.purpose
