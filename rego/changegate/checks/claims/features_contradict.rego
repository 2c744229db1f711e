package changegate.checks.claims

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: An input or output can have a value
# description: "A range that ends before it begins, values of another type, a probability above 1: no value fits, or none that is meant. Type, range, values and name are held against each other."
# custom:
#   severity: error
#   message: "{claim} and {against} cannot both be true: {why}."
#   remediation: "{mend}"
#   settings: [claims.contradictionsFrom, claims.accepted]
#   optional: [input.settings.claims]
#   references: ["https://changegate.dev/schemas/feature-contract.schema.json"]
#   example:
#     bad: "{name: default_probability, dtype: float32, range: [0, 100]}"
#     good: "{name: default_probability, dtype: float32, range: [0, 1]}"
outcome["claims/features-contradict"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := result if result := lib.none_of(excluded(input.facts.claims.features, features_words), looked_at(input.facts.claims.features))

else := lib.failed(["spec", "features"], {})

features_words["range-upside-down"] := {
	"why": "the range ends before it begins",
	"mend": "Write the least value first: `range: [0, 1]`.",
}

features_words["range-of-no-number"] := {
	"why": "a range is of numbers",
	"mend": "Take `range` out, and name the values with `enum` if there are few; or write the `dtype` of a number.",
}

features_words["range-beyond-type"] := {
	"why": "values of that type do not reach so far",
	"mend": "Write the range of the values that there are, or a `dtype` that holds it.",
}

features_words["probability-beyond-one"] := {
	"why": "a probability lies between 0 and 1",
	"mend": "Write `range: [0, 1]`; if it is a percentage, say so with `unit: percent`.",
}

features_words["values-of-none"] := {
	"why": "no value is allowed at all",
	"mend": "Write the values that there are, or take `enum` out.",
}

features_words["values-of-another-type"] := {
	"why": "not every value is of that type",
	"mend": "Write values of the type (texts in quotes), or the `dtype` that they have.",
}

features_words["values-beyond-range"] := {
	"why": "not every value lies within the range",
	"mend": "Widen `range` until it holds every value of `enum`, or take one of the two out.",
}
