package changegate.checks.claims

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Requests cost something
# description: At a price of 0 every budget is kept. On a device its owner pays, unless a model behind an API is called from there.
# custom:
#   severity: error
#   message: "{claim} and {against} cannot both be true: {why}."
#   remediation: "{mend}"
#   settings: [claims.contradictionsFrom, claims.accepted]
#   optional: [input.settings.claims]
#   references: ["https://www.finops.org/framework/capabilities/unit-economics/"]
#   example:
#     bad: "cost: {perThousandInferences: 0, weeklyBudget: 900}  # at requestsPerSecond: 220"
#     good: "cost: {perThousandInferences: 0.004, weeklyBudget: 900}"
outcome["claims/cost-contradicts"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := result if result := lib.none_of(excluded(input.facts.claims.cost, cost_words), looked_at(input.facts.claims.cost))

else := lib.failed(["spec", "cost"], {})

cost_words["requests-for-nothing"] := {
	"why": "somebody pays for what answers them",
	"mend": "Write what a thousand inferences cost: what the replicas or calls of an hour cost, by the thousands of requests of an hour.",
}

cost_words["calls-for-nothing"] := {
	"why": "what is called from a device is paid for by whoever answers, or by whom its provider bills",
	"mend": "Write what a thousand inferences cost, calls included, into `cost: {perThousandInferences: …, weeklyBudget: …}`.",
}
