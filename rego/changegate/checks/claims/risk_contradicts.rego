package changegate.checks.claims

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The claims about risk can be true together
# description: The tier follows from these claims. One that the release itself denies lowers what is asked of it.
# custom:
#   severity: error
#   message: "{claim} and {against} cannot both be true: {why}."
#   remediation: "{mend}"
#   settings: [claims.contradictionsFrom, claims.accepted, claims.personalLevels]
#   optional: [input.settings.claims, input.release.spec.risk.personalData, input.facts.features]
#   references: ["NIST AI RMF 1.0, MAP 1.1: intended purposes and settings of use are documented"]
#   example:
#     bad: "risk: {tier: low, exposure: research} with serving: {requestsPerSecond: 220}"
#     good: "risk: {tier: low, exposure: research}"
outcome["claims/risk-contradicts"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := result if {
	found := excluded(input.facts.claims.risk, risk_words) | excluded(by_contract, risk_words)
	result := lib.none_of(found, looked_at(input.facts.claims.risk))
}

else := lib.failed(["spec", "risk"], {})

risk_words["research-with-requests"] := {
	"why": "answers to requests reach somebody, and those of research reach nobody",
	"mend": "Write `exposure: internal` or `exposure: production`, and the claims that go with it; if nobody is answered, take `requestsPerSecond` out.",
}

risk_words["research-with-revenue"] := {
	"why": "no revenue depends on what reaches nobody",
	"mend": "Write `exposure: production`, and the claims that go with it; if nobody is answered, write `revenueBand: none`.",
}

risk_words["research-with-rollout"] := {
	"why": "a rollout takes answers to users, and those of research reach nobody",
	"mend": "Write `exposure: internal` or `exposure: production`, and the claims that go with it; if nobody is answered, take `rollout` out.",
}

risk_words["hurts-nobody"] := {
	"why": "what can hurt someone changes what happens to a person",
	"mend": "Write `affectsUsers: true`; if a wrong answer can hurt nobody, write `safetyCritical: false`.",
}

risk_words["attribute-of-nobody"] := {
	"why": "the input is a protected attribute of `fairness`, which is said of a person",
	"mend": "Write `personalData: true`; if the input says nothing of a person, take it out of `fairness.protectedAttributes`.",
}

risk_words["personal-by-contract"] := {
	"why": "an input of which its contract says that it is personal is personal data",
	"mend": "Write `personalData: true`; if the input says nothing of a person, correct the `sensitivity` in its contract.",
}

# METADATA
# description: An input of which the contract says that it is personal, where the release says that nothing is.
by_contract contains one if {
	input.release.spec.risk.personalData == false
	some feature in input.facts.features.inputs
	some level in feature.sensitivity.levels
	level in input.settings.claims.personalLevels
	place := {"message": "what it contradicts", "at": feature.places.sensitivity}
	one := {
		"kind": "personal-by-contract",
		"claim": "`personalData: false`",
		"against": concat("", ["`sensitivity: ", level, "` of the input ", feature.name]),
		"place": {"path": ["spec", "risk", "personalData"], "related": [place]},
	}
}
