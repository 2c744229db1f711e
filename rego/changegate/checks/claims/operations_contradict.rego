package changegate.checks.claims

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Who is called next is another, and what is logged is kept
# description: Whoever does not answer the first call does not answer the second. Logs that are kept for no day are kept for ever by some systems, and by others not at all.
# custom:
#   severity: error
#   message: "{claim} and {against} cannot both be true: {why}."
#   remediation: "{mend}"
#   settings: [claims.contradictionsFrom, claims.accepted]
#   optional: [input.settings.claims]
#   references: ["https://sre.google/sre-book/being-on-call/"]
#   example:
#     bad: "operations: {onCall: payments-ml, escalation: payments-ml}"
#     good: "operations: {onCall: payments-ml, escalation: platform}"
outcome["claims/operations-contradict"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := result if result := lib.none_of(excluded(input.facts.claims.operations, operations_words), looked_at(input.facts.claims.operations))

else := lib.failed(["spec", "operations"], {})

operations_words["escalates-to-itself"] := {
	"why": "they are the same people, and nobody is left to be called",
	"mend": "Write another team or role of .changegate/teams.yaml, or take `escalation` out.",
}

operations_words["logged-and-not-kept"] := {
	"why": "what is kept for no time is not logged",
	"mend": "Write for how many days logs are kept, for example `retentionDays: 30`; or write `inputs: none`.",
}
