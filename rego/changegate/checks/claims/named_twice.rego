package changegate.checks.claims

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A name is given once
# description: "Items of a list are told apart by their names: compared with the previous release, overridden, measured. Of two of one name one is not looked at."
# custom:
#   severity: error
#   message: "{claim} stands there twice."
#   remediation: "Take one of the two out, or give it a name of its own."
#   settings: [claims.contradictionsFrom, claims.accepted]
#   optional: [input.settings.claims]
#   references: ["docs/manifest.md"]
#   example:
#     bad: "slos: [{name: error-rate, objective: 0.999}, {name: error-rate, objective: 0.5}]"
#     good: "slos: [{name: error-rate, objective: 0.999}, {name: error-rate-of-writes, objective: 0.99}]"
outcome["claims/named-twice"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := result if result := lib.none_of(excluded(input.facts.claims.names, {}), looked_at(input.facts.claims.names))

else := lib.failed(["spec"], {})
