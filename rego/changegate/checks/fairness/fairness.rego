# METADATA
# title: Fairness
# description: Whether a release treats groups of people alike, recomputed from counts and read with its intervals.
# custom:
#   subject: release
#   path: [spec, fairness]
package changegate.checks.fairness

import data.changegate.lib
import data.changegate.risk

no_report := "there is no fairness report to read: see fairness/missing and fairness/invalid-evidence"

block_path := ["spec", "fairness"]

# METADATA
# description: What the previous release claimed; a claim that was dropped still counts for one more release, as it does for the tier.
before := object.get(input.facts.risk, "previous", {"affectsUsers": false, "personalData": false})

unaffecting(claims) if claims.affectsUsers == false

unaffecting(claims) if {
	claims.exposure == "research"
	object.get(claims, "affectsUsers", false) == false
}

# METADATA
# description: |
#   Why a rule on what the reports say is not asked, or cannot tell: the tier is below `from`, there is no report, or one
#   cannot be had from here. Otherwise undefined, and the rule goes on.
unread(from) := lib.not_applicable(lib.low_tier) if {
	from in risk.beyond
} else := lib.not_applicable(no_report) if {
	input.evidence.fairness.status in {"absent", "invalid"}
} else := lib.unknown(input.evidence.fairness.reason) if {
	input.evidence.fairness.status == "unavailable"
}

# METADATA
# description: Whether there is a report to judge, and the tier from which it is judged is one that exists.
readable(from) if {
	from in lib.tiers
	input.evidence.fairness.status == "present"
	count(input.facts.fairness.reports) > 0
}

# METADATA
# description: The pair of groups that is spoken of, with its numbers and its sentence; where there is none, the reason.
said(compared, which) := compared[which]

said(compared, _) := {"said": compared.reason} if compared.status == "undefined"

# METADATA
# description: The tiers up to the release's own.
reached contains tier if {
	some tier in lib.tiers
	not tier in risk.beyond
}

# METADATA
# description: Where the data can tell neither that the selection ratio keeps the minimum nor that it breaks it.
unproven := lib.at_place(input.facts.fairness.selection, conclusive, weakest_details, ["weakestPlace"], block_path)

conclusive contains index if {
	some index, compared in input.facts.fairness.selection
	compared.status == "known"
	compared.weakest.lowerRatio >= input.settings.fairness.minimumSelectionRatio
}

# What is surely broken, or has no ratio at all, is told by selection-ratio-broken.
conclusive contains index if {
	some index, compared in input.facts.fairness.selection
	compared.status == "known"
	compared.surest.upperRatio < input.settings.fairness.minimumSelectionRatio
}

conclusive contains index if {
	some index, compared in input.facts.fairness.selection
	compared.status == "undefined"
}

weakest_details[index] := details if {
	some index, compared in input.facts.fairness.selection
	details := object.union(said(compared, "weakest"), {
		"lowerRatio": compared.weakest.lowerRatio,
		"attribute": compared.attribute,
		"minimumRatio": input.settings.fairness.minimumSelectionRatio,
		"needed": object.get(object.get(compared, "needed", {}), "said", "measure more people of each group"),
	})
}

# METADATA
# description: Whether there is a report to judge, and the tier from which it has to be conclusive is one that exists.
conclusive_asked if {
	input.settings.fairness.conclusiveFrom in lib.tiers
	readable(input.settings.fairness.requiredFrom)
}
