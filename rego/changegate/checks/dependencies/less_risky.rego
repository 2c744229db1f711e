package changegate.checks.dependencies

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: What a release depends on is at least as risky
# description: |
#   A release answers with what it depends on, so that less is asked of the part than of the whole otherwise. Looked at for
#   everything that an entry leads to, directly or by way of others; what the change touches says so on its own line.
# custom:
#   severity: error
#   message: "The release {dependant} is of tier {tier} and depends on {wanted}, which is of tier {lower}."
#   remediation: "Write `tier: {tier}` in the manifest of {wanted}, and what that asks for; or depend on a release of that tier."
#   settings: [risk.floors]
#   optional: [input.facts.dependencies.risks.dependant, input.facts.dependencies.risks.wanted, input.facts.dependencies.risks.at, input.facts.dependencies.risks.through, input.facts.dependencies.risks.related]
#   references: ["SR 26-2: model interdependencies", "docs/decisions/0029-an-identity-is-its-authors-choice.md"]
#   example:
#     bad: "dependsOn: [{name: card-embedder}]  # of tier low, in a release of tier high"
#     good: "dependsOn: [{name: card-embedder}]  # of tier high"
outcome["dependencies/less-risky"] := lib.passed if {
	count(input.settings.risk.floors) > 0
	is_array(input.facts.dependencies.risks)
	lib.all_good(input.facts.dependencies.risks, borne, input.facts.dependencies.checked)
}

else := {"outcome": "failed", "violations": unborne} if count(unborne) > 0

else := lib.failed_at(nowhere, {})

borne contains index if {
	some index, one in input.facts.dependencies.risks
	tier := risk.tier_of(one.needs)
	lower := risk.tier_of(one.needed)
	not lower in beneath(tier)
}

beneath(tier) := {lower | some lower, higher in risk.above; tier in higher}

unborne contains finding if {
	some index, one in input.facts.dependencies.risks
	not index in borne
	details := {"dependant": one.dependant, "wanted": one.wanted, "tier": risk.tier_of(one.needs), "lower": risk.tier_of(one.needed)}
	finding := lib.beside(lib.finding_at(one.at, details), one.related)
}
