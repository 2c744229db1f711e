package changegate.checks.fairness

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: From this tier on the selection ratio is shown to keep the minimum
# description: A ratio that is much too low looks like a good one where few people are measured. Below the tier of `conclusiveFrom` that is a warning, selection-ratio-inconclusive; from it on it closes the gate.
# custom:
#   severity: error
#   message: "This tier has to show that groups are selected alike, and there is not enough data on {attribute} to tell: {said}. A true ratio of {lowerRatio} would look like this, and {minimumRatio} is asked for; {needed}."
#   remediation: "Measure more people: {needed}. Where there are no more, ask for a waiver that says so, or have `settings.fairness.conclusiveFrom` changed in .changegate/config.yaml."
#   settings: [fairness.requiredFrom, fairness.conclusiveFrom, fairness.minimumSelectionRatio, fairness.confidence]
#   optional: [input.facts.fairness.selection.attribute, input.facts.fairness.selection.weakest.said, input.facts.fairness.selection.weakest.upperRatio, input.facts.fairness.selection.weakestPlace, input.facts.fairness.selection.needed, input.facts.fairness.selection.surest]
#   references: ["29 CFR 1607.4(D): differences that rest on small numbers may be no adverse impact"]
#   example:
#     bad: "6 of 10 women selected and 9 of 10 men: 0.667, 95% interval 0.386 to 1.15  # in the report, as counts"
#     good: "850 of 1000 women selected and 900 of 1000 men: 0.944, 95% interval 0.914 to 0.976  # in the report, as counts"
outcome["fairness/selection-ratio-unproven"] := result if result := unread(input.settings.fairness.requiredFrom)

else := lib.not_applicable("this tier warns where there is not enough data: see fairness/selection-ratio-inconclusive") if {
	input.settings.fairness.conclusiveFrom in risk.beyond
}

else := result if {
	count(input.facts.fairness.selection) > 0
	result := lib.none_of(unproven, conclusive_asked)
}

else := lib.failed(block_path, {})
