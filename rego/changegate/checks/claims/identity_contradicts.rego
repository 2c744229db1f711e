package changegate.checks.claims

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release replaces another one
# description: "`replaces` declares a rename: it names what the model was called before. A release that replaces itself declares nothing."
# custom:
#   severity: error
#   message: "{claim} and {against} cannot both be true: {why}."
#   remediation: "{mend}"
#   settings: [claims.contradictionsFrom, claims.accepted]
#   optional: [input.settings.claims]
#   references: ["docs/manifest.md"]
#   example:
#     bad: "metadata: {name: fraud-detector, replaces: fraud-detector}"
#     good: "metadata: {name: fraud-scorer, replaces: fraud-detector}"
outcome["claims/identity-contradicts"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := result if result := lib.none_of(excluded(input.facts.claims.identity, identity_words), looked_at(input.facts.claims.identity))

else := lib.failed(["metadata"], {})

identity_words["replaces-itself"] := {
	"why": "a release is no successor of itself",
	"mend": "Take `replaces` out; or write the name that the model had before.",
}
