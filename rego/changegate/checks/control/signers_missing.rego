package changegate.checks.control

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Somebody is named who may sign
# description: "Without `.changegate/signers.yaml` at the base no signature can be verified: what a release names is read, compared by digest, and could be anybody's. Told once for a change, where it has releases of a tier from which that matters."
# custom:
#   severity: warning
#   message: "Nobody is named who may sign, so that signatures and attestations are read, not verified. This change has such releases: {models}."
#   remediation: "Name keys and who they are of in .changegate/signers.yaml (`changegate init` writes a template), and land that. Signatures of releases that it covers have to hold from then on."
#   settings: [provenance.signersFrom, risk.floors]
#   optional: [input.facts.control.signers.releases, input.settings]
#   references: ["docs/signers.md"]
#   example:
#     bad: "no file .changegate/signers.yaml"
#     good: "signers: {training: {keys: [{name: 2026, publicKey: …}]}}"
outcome["control/signers-missing"] := lib.passed if {
	input.facts.control.checked == true
	input.facts.control.signers.configured == true
}

else := lib.not_applicable("the change has no release of a tier from which that matters") if {
	input.facts.control.checked == true
	input.facts.control.signers.configured == false
	count(input.settings.risk.floors) > 0
	input.settings.provenance.signersFrom in object.keys(risk.above)
	count(unsigned) == 0
	every one in input.facts.control.signers.releases { risk.tier_of(one) in asked_tiers_below }
}

else := {"outcome": "failed", "violations": {first_unsigned}} if count(unsigned) > 0

else := lib.failed_at({"file": ".changegate"}, {})

# METADATA
# description: The tiers from which somebody has to be named.
asked_tiers contains tier if {
	some tier in lib.tiers
	tier == input.settings.provenance.signersFrom
}

asked_tiers contains tier if {
	some lower, higher in risk.above
	lower == input.settings.provenance.signersFrom
	some tier in higher
}

asked_tiers_below := {tier | some tier, _ in risk.above; not tier in asked_tiers}

unsigned := [one |
	some one in input.facts.control.signers.releases
	risk.tier_of(one) in asked_tiers
]

# METADATA
# description: One for the whole change, at the first of its releases.
first_unsigned := lib.finding_at(unsigned[0].at, {"models": sort({one.name | some one in unsigned})})
