package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Shares add up to no more than all
# description: Tiers divide the traffic, and cohorts the devices. Where their shares come to more than all of it, at least one of them is wrong, and nobody knows which.
# custom:
#   severity: error
#   message: "The shares of the {of} add up to {totalPercent}."
#   remediation: "Correct the shares under `spec.rollout.{of}`: the `share` of all tiers is 1 at most, the `percent` of all cohorts 100 at most."
#   settings: [claims.contradictionsFrom]
#   optional: [input.facts.rollout.divisions.of, input.facts.rollout.divisions.place, input.facts.rollout.plan, input.settings.claims.contradictionsFrom]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "tiers: [{name: small, model: small, share: 0.8}, {name: large, model: large, share: 0.4}]"
#     good: "tiers: [{name: small, model: small, share: 0.8}, {name: large, model: large, share: 0.2}]"
outcome["rollout/shares-exceed-all"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable("the plan divides nothing among several") if count(input.facts.rollout.divisions) == 0

else := lib.passed if lib.all_good(input.facts.rollout.divisions, within_all, has_divisions)

else := {"outcome": "failed", "violations": excessive} if count(excessive) > 0

else := lib.failed(["spec", "rollout"], {})

has_divisions if count(input.facts.rollout.divisions) > 0

within_all contains index if {
	some index, division in input.facts.rollout.divisions
	division.totalPercent <= 100
}

excessive := lib.at_place(input.facts.rollout.divisions, within_all, division_details, ["place"], ["spec", "rollout"])

division_details[index] := details if {
	some index, division in input.facts.rollout.divisions
	details := {"of": division.of, "totalPercent": division.totalPercent}
}
