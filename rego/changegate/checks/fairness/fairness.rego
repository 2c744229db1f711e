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
# title: A release that meets people is checked for fairness
# description: A bias that nobody measures is found by the people whom it harms.
# custom:
#   severity: error
#   message: The release affects users or uses personal data, and names no fairness report.
#   remediation: "Name one under `spec`: `fairness: {protectedAttributes: [sex, age_band], evidence: [{format: counts, path: evidence/fairness.json, digest: sha256:…}]}`."
#   settings: [fairness.requiredFrom]
#   optional: [input.settings.fairness.requiredFrom, input.facts.risk.claims.affectsUsers, input.facts.risk.claims.personalData, input.facts.risk.previous]
#   references: ["NIST AI RMF 1.0, MEASURE 2.11: fairness and bias are evaluated", "NYC Local Law 144 of 2021"]
#   example:
#     bad: "spec: {risk: {tier: high, affectsUsers: true}}"
#     good: "fairness: {protectedAttributes: [sex], evidence: [{format: counts, path: evidence/fairness.json, digest: sha256:…}]}"
outcome["fairness/missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.fairness.requiredFrom in risk.beyond
}

else := lib.not_applicable("the manifest says that it does not apply: see fairness/not-applicable-unjustified") if {
	input.facts.fairness.block == "not-applicable"
}

else := lib.not_applicable("the release affects no users and uses no personal data") if {
	unaffecting(input.facts.risk.claims)
	impersonal(input.facts.risk.claims)
	unaffecting(before)
	impersonal(before)
}

else := lib.passed if {
	input.facts.fairness.block == "present"
	count(input.evidence.fairness.files) > 0
}

else := lib.failed(block_path, {})

# METADATA
# description: What the previous release claimed; a claim that was dropped still counts for one more release, as it does for the tier.
before := object.get(input.facts.risk, "previous", {"affectsUsers": false, "personalData": false})

unaffecting(claims) if claims.affectsUsers == false

unaffecting(claims) if {
	claims.exposure == "research"
	object.get(claims, "affectsUsers", false) == false
}

impersonal(claims) if claims.personalData == false

impersonal(claims) if {
	claims.exposure == "research"
	object.get(claims, "personalData", false) == false
}

# METADATA
# title: Who affects users does not say that fairness does not apply
# description: A reason is quickly written. From this tier a release that affects users is measured instead.
# custom:
#   severity: error
#   message: "The release affects users, and the manifest says that fairness does not apply to it."
#   remediation: "Replace `notApplicable` with `protectedAttributes` and a report; or correct `affectsUsers` if the answers reach nobody."
#   settings: [fairness.measuredFrom]
#   optional: [input.facts.risk.claims.affectsUsers, input.facts.risk.claims.exposure, input.facts.risk.previous]
#   references: ["NIST AI RMF 1.0, MEASURE 2.11"]
#   example:
#     bad: "fairness: {notApplicable: The features hold no protected attribute.}"
#     good: "fairness: {protectedAttributes: [sex], evidence: [{format: counts, path: evidence/fairness.json, digest: sha256:…}]}"
outcome["fairness/not-applicable-unjustified"] := lib.not_applicable("the manifest does not say that fairness does not apply") if {
	input.facts.fairness.block in {"present", "absent"}
}

else := lib.passed if {
	input.facts.fairness.block == "not-applicable"
	input.settings.fairness.measuredFrom in risk.beyond
}

else := lib.passed if {
	input.settings.fairness.measuredFrom in lib.tiers
	input.facts.fairness.block == "not-applicable"
	unaffecting(input.facts.risk.claims)
	unaffecting(before)
}

else := lib.failed(array.concat(block_path, ["notApplicable"]), {})

# METADATA
# title: Fairness reports can be believed
# description: A report that is not there, is not the one that its digest names, contradicts itself or comes from the future shows nothing.
# custom:
#   severity: error
#   message: "The fairness report is not valid: {reason}."
#   remediation: "Write the report again as schemas/fairness-counts.schema.json describes it (a crosstab of Aequitas goes into `records`), and put its new sha256 into `digest`."
#   settings: [fairness.requiredFrom]
#   optional: [input.settings, input.evidence.fairness.files.place]
#   references: ["https://changegate.dev/schemas/fairness-counts.schema.json"]
#   example:
#     bad: "{\"groups\": [{\"attribute\": \"sex\", \"group\": \"female\", \"selectionRate\": 0.4}]}  # in the report: a rate, and no counts"
#     good: "{\"groups\": [{\"attribute\": \"sex\", \"group\": \"female\", \"tp\": 900, \"fp\": 700, \"tn\": 48000, \"fn\": 140}]}"
outcome["fairness/invalid-evidence"] := lib.not_applicable("the manifest names no fairness report") if {
	input.evidence.fairness.status == "absent"
}

else := {"outcome": "failed", "violations": unsound} if count(unsound) > 0

else := lib.not_applicable(lib.low_tier) if {
	input.evidence.fairness.status == "unavailable"
	input.settings.fairness.requiredFrom in risk.beyond
}

else := lib.unknown(input.evidence.fairness.reason) if input.evidence.fairness.status == "unavailable"

else := lib.passed if {
	input.evidence.fairness.status == "present"
	count(input.evidence.fairness.files) > 0
	every file in input.evidence.fairness.files { file.status == "present" }
}

else := lib.failed(block_path, {})

unsound := lib.unsound(input.evidence.fairness.files, block_path)

# METADATA
# title: The fairness reports were made on this artifact
# description: Another model treats people in another way. Every report names the digest of an artifact of the release, and every model artifact is named.
# custom:
#   severity: error
#   message: "The fairness report was not made on this release: {reason}."
#   remediation: "Measure this artifact, and let the report say so: `\"model\": {\"digests\": [\"sha256:…\"]}` with the artifact's `digest`."
#   settings: [fairness.requiredFrom]
#   optional: [input.facts.fairness.artifacts.place, input.facts.fairness.reports.places]
#   references: ["NIST AI RMF 1.0, MEASURE 2.11"]
#   example:
#     bad: "{\"model\": {\"digests\": [\"sha256:0000…\"]}}  # in the report: no artifact of this release"
#     good: "{\"model\": {\"digests\": [\"sha256:9f86…\"]}}  # in the report: the digest of the artifact `model`"
outcome["fairness/not-bound-to-artifact"] := result if result := unread(input.settings.fairness.requiredFrom)

else := result if {
	count(input.facts.fairness.artifacts) > 0
	result := lib.none_of(elsewhere | unmeasured, readable(input.settings.fairness.requiredFrom))
}

else := lib.failed(block_path, {"reason": "no report can be read"})

elsewhere := lib.at_place(input.facts.fairness.reports, bound, elsewhere_details, ["places", "model"], block_path)

bound contains index if {
	some index, report in input.facts.fairness.reports
	count(report.boundTo) > 0
}

elsewhere_details[index] := {"reason": "it names no artifact of this release"} if {
	some index, _ in input.facts.fairness.reports
}

unmeasured := lib.at_place(input.facts.fairness.artifacts, measured, unmeasured_details, ["place"], block_path) if count(elsewhere) == 0

else := set()

measured contains index if {
	some index, artifact in input.facts.fairness.artifacts
	artifact.bound == true
}

unmeasured_details[index] := {"reason": "no report names the digest of this artifact"} if {
	some index, _ in input.facts.fairness.artifacts
}

# METADATA
# title: The fairness report is recent
# description: People change, and so does who is measured. A report of last year is no evidence for this release.
# custom:
#   severity: error
#   message: "The fairness report is {ageSeconds} old; this tier allows {maximumSeconds}."
#   remediation: "Measure again, commit the new report and put its sha256 into `digest`."
#   settings: [fairness.requiredFrom, fairness.maximumAgeSeconds]
#   optional: [input.facts.fairness.reports.places]
#   references: ["NYC Local Law 144 of 2021: a bias audit is at most one year old"]
#   example:
#     bad: "{\"evaluatedAt\": \"2025-01-10T09:00:00Z\"}  # in the report"
#     good: "{\"evaluatedAt\": \"2026-10-20T09:00:00Z\"}  # in the report"
outcome["fairness/stale"] := result if result := unread(input.settings.fairness.requiredFrom)

else := result if {
	result := lib.none_of(lib.at_place(input.facts.fairness.reports, recent, recent_details, ["places", "evaluatedAt"], block_path), readable(input.settings.fairness.requiredFrom))
}

else := lib.failed(block_path, {})

recent contains index if {
	some index, report in input.facts.fairness.reports
	report.ageSeconds <= input.settings.fairness.maximumAgeSeconds[risk.tier]
}

recent_details[index] := details if {
	some index, report in input.facts.fairness.reports
	details := {
		"ageSeconds": report.ageSeconds,
		"maximumSeconds": input.settings.fairness.maximumAgeSeconds[risk.tier],
	}
}

# METADATA
# title: Every protected attribute is measured
# description: An attribute that is named and has no groups in any report was not looked at. Two groups of one report are the least that can be compared.
# custom:
#   severity: error
#   message: "No report compares two groups of {attribute}."
#   remediation: "Add the counts of its groups to a report, spelled as under `protectedAttributes`; or take the attribute out and say why."
#   settings: [fairness.requiredFrom]
#   optional: [input.facts.fairness.coverage.name, input.facts.fairness.coverage.place]
#   references: ["NYC Local Law 144 of 2021: each category is measured separately"]
#   example:
#     bad: "protectedAttributes: [sex, age_band]  # and a report on sex alone"
#     good: "{\"groups\": [{\"attribute\": \"age_band\", \"group\": \"18-34\", …}, {\"attribute\": \"age_band\", \"group\": \"35-54\", …}]}  # in the report"
outcome["fairness/attribute-not-covered"] := result if result := unread(input.settings.fairness.requiredFrom)

else := lib.passed if {
	count(input.facts.fairness.coverage) > 0
	lib.all_good(input.facts.fairness.coverage, covered, readable(input.settings.fairness.requiredFrom))
}

else := result if {
	count(input.facts.fairness.coverage) > 0
	result := lib.none_of(lib.at_place(input.facts.fairness.coverage, covered, coverage_details, ["place"], block_path), readable(input.settings.fairness.requiredFrom))
}

else := lib.failed(block_path, {})

covered contains index if {
	some index, attribute in input.facts.fairness.coverage
	attribute.groupsCount >= 2
}

coverage_details[index] := details if {
	some index, attribute in input.facts.fairness.coverage
	details := {"attribute": attribute.name}
}

# METADATA
# title: Every group is large enough to be compared
# description: A rate of a few people is noise, and a group without positives has no true-positive rate at all.
# custom:
#   severity: error
#   message: "The group {group} of {attribute} has {sampleCount} members, of them {positivesCount} positives and {negativesCount} negatives; this tier needs at least {minimumCount}, and {minimumClassCount} of each. Rates that it does not have: {undefinedRates}."
#   remediation: "Collect more data of this group, or join it with one that is treated alike; where there are no more such people, ask for a waiver that says so."
#   settings: [fairness.requiredFrom, fairness.minimumGroupCount, fairness.minimumClassCount]
#   optional: [input.facts.fairness.groups.attribute, input.facts.fairness.groups.group, input.facts.fairness.groups.place, input.facts.fairness.groups.undefinedRates]
#   references: ["NYC Local Law 144 of 2021: categories under 2% may be left out with a justification"]
#   example:
#     bad: "{\"attribute\": \"sex\", \"group\": \"female\", \"tp\": 3, \"fp\": 1, \"tn\": 16, \"fn\": 0}  # in the report"
#     good: "{\"attribute\": \"sex\", \"group\": \"female\", \"tp\": 900, \"fp\": 700, \"tn\": 48000, \"fn\": 140}  # in the report"
outcome["fairness/group-too-small"] := result if result := unread(input.settings.fairness.requiredFrom)

else := lib.passed if {
	count(input.facts.fairness.groups) > 0
	lib.all_good(input.facts.fairness.groups, large, readable(input.settings.fairness.requiredFrom))
}

else := result if {
	count(input.facts.fairness.groups) > 0
	result := lib.none_of(lib.at_place(input.facts.fairness.groups, large, large_details, ["place"], block_path), readable(input.settings.fairness.requiredFrom))
}

else := lib.failed(block_path, {})

large contains index if {
	some index, group in input.facts.fairness.groups
	group.sampleCount >= input.settings.fairness.minimumGroupCount[risk.tier]
	group.positivesCount >= input.settings.fairness.minimumClassCount[risk.tier]
	group.negativesCount >= input.settings.fairness.minimumClassCount[risk.tier]
}

large_details[index] := details if {
	some index, group in input.facts.fairness.groups
	details := {
		"attribute": group.attribute,
		"group": group.group,
		"sampleCount": group.sampleCount,
		"positivesCount": group.positivesCount,
		"negativesCount": group.negativesCount,
		"undefinedRates": group.undefinedRates,
		"minimumCount": input.settings.fairness.minimumGroupCount[risk.tier],
		"minimumClassCount": input.settings.fairness.minimumClassCount[risk.tier],
	}
}

# METADATA
# title: Groups are selected alike
# description: The four-fifths rule, read with the interval. It is broken when even the upper bound lies below the minimum; when only the value does, there is not enough data, which is another rule.
# custom:
#   severity: error
#   message: "Over {attribute}, {said}; a ratio of at least {minimumRatio} is asked for."
#   remediation: "Find out why the groups differ and mend the model or its threshold; if the difference is meant and lawful, ask for a waiver that says why."
#   settings: [fairness.requiredFrom, fairness.minimumSelectionRatio, fairness.confidence]
#   optional: [input.facts.fairness.selection.attribute, input.facts.fairness.selection.place, input.facts.fairness.selection.surest.said]
#   references: ["29 CFR 1607.4(D): the four-fifths rule", "NYC Local Law 144 of 2021", "Katz et al., Obtaining confidence intervals for the risk ratio in cohort studies, Biometrics 34(3), 1978"]
#   example:
#     bad: "60 of 100 women selected and 90 of 100 men: 0.667, 95% interval 0.561 to 0.792  # in the report, as counts"
#     good: "85 of 100 women selected and 90 of 100 men: 0.944, 95% interval 0.850 to 1.049  # in the report, as counts"
outcome["fairness/selection-ratio-broken"] := result if result := unread(input.settings.fairness.requiredFrom)

else := lib.passed if {
	count(input.facts.fairness.selection) > 0
	lib.all_good(input.facts.fairness.selection, unbroken, readable(input.settings.fairness.requiredFrom))
}

else := result if {
	count(input.facts.fairness.selection) > 0
	result := lib.none_of(lib.at_place(input.facts.fairness.selection, unbroken, selection_details, ["place"], block_path), readable(input.settings.fairness.requiredFrom))
}

else := lib.failed(block_path, {})

unbroken contains index if {
	some index, compared in input.facts.fairness.selection
	compared.status == "known"
	compared.surest.upperRatio >= input.settings.fairness.minimumSelectionRatio
}

selection_details[index] := details if {
	some index, compared in input.facts.fairness.selection
	details := object.union(said(compared, "surest"), {
		"attribute": compared.attribute,
		"minimumRatio": input.settings.fairness.minimumSelectionRatio,
	})
}

# METADATA
# title: The selection ratio is known well enough
# description: Where the interval holds the minimum, the data can tell neither that the ratio keeps it nor that it breaks it.
# custom:
#   severity: warning
#   message: "There is not enough data on {attribute} to tell: {said}, and the minimum of {minimumRatio} lies within the interval."
#   remediation: "Measure more people of the smaller group, until the interval's lower bound is at least the minimum."
#   settings: [fairness.requiredFrom, fairness.minimumSelectionRatio, fairness.confidence]
#   optional: [input.facts.fairness.selection.attribute, input.facts.fairness.selection.extremes.said, input.facts.fairness.selection.extremes.upperRatio, input.facts.fairness.selection.extremesPlace, input.facts.fairness.selection.surest]
#   references: ["29 CFR 1607.4(D): differences that rest on small numbers may be no adverse impact"]
#   example:
#     bad: "6 of 10 women selected and 9 of 10 men: 0.667, 95% interval 0.386 to 1.15  # in the report, as counts"
#     good: "850 of 1000 women selected and 900 of 1000 men: 0.944, 95% interval 0.914 to 0.976  # in the report, as counts"
outcome["fairness/selection-ratio-inconclusive"] := result if result := unread(input.settings.fairness.requiredFrom)

else := result if {
	count(input.facts.fairness.selection) > 0
	result := lib.none_of(
		lib.at_place(input.facts.fairness.selection, conclusive, extremes_details, ["extremesPlace"], block_path),
		readable(input.settings.fairness.requiredFrom),
	)
}

else := lib.failed(block_path, {})

conclusive contains index if {
	some index, compared in input.facts.fairness.selection
	compared.status == "known"
	compared.extremes.lowerRatio >= input.settings.fairness.minimumSelectionRatio
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

extremes_details[index] := details if {
	some index, compared in input.facts.fairness.selection
	details := object.union(said(compared, "extremes"), {
		"attribute": compared.attribute,
		"minimumRatio": input.settings.fairness.minimumSelectionRatio,
	})
}

# METADATA
# title: Errors fall on the groups alike
# description: "The gaps of the true-positive rate (sensitivity) and of the false-positive rate (1 - specificity) between two groups. A gap counts as far as it is certain: by the lower bound of its interval."
# custom:
#   severity: error
#   message: "Over {attribute}, {said}; this tier allows a gap of {maximumRatio}."
#   remediation: "Find out why the model errs more often on this group: too little data of it, another prevalence, a feature that means something else there. Mend that and measure again."
#   settings: [fairness.requiredFrom, fairness.maximumErrorGapRatio, fairness.confidence]
#   optional: [input.facts.fairness.errors.attribute, input.facts.fairness.errors.place, input.facts.fairness.errors.rate, input.facts.fairness.errors.surest.said]
#   references: ["Hardt, Price and Srebro, Equality of opportunity in supervised learning, NeurIPS 2016", "Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17(8), 1998"]
#   example:
#     bad: "sensitivity 0.92 for men and 0.71 for women  # in the report, as counts"
#     good: "sensitivity 0.92 for men and 0.91 for women  # in the report, as counts"
outcome["fairness/error-rates-differ"] := result if result := unread(input.settings.fairness.requiredFrom)

else := lib.passed if {
	count(input.facts.fairness.errors) > 0
	lib.all_good(input.facts.fairness.errors, even, readable(input.settings.fairness.requiredFrom))
}

else := result if {
	count(input.facts.fairness.errors) > 0
	result := lib.none_of(lib.at_place(input.facts.fairness.errors, even, even_details, ["place"], block_path), readable(input.settings.fairness.requiredFrom))
}

else := lib.failed(block_path, {})

even contains index if {
	some index, compared in input.facts.fairness.errors
	compared.status == "known"
	compared.surest.lowerRatio <= input.settings.fairness.maximumErrorGapRatio[risk.tier]
}

even_details[index] := details if {
	some index, compared in input.facts.fairness.errors
	details := object.union(said(compared, "surest"), {
		"attribute": compared.attribute,
		"rate": compared.rate,
		"maximumRatio": input.settings.fairness.maximumErrorGapRatio[risk.tier],
	})
}

# METADATA
# title: No group fares worse than in the previous release
# description: A group's selection rate, as a share of the highest, may fall no further than this, by the lower bound of the fall's interval; and a group that was measured stays measured.
# custom:
#   severity: error
#   message: "Compared with the previous release, {said}; the selection ratio of a group may fall by {maximumRatio}."
#   remediation: "Find out what changed for this group and mend it. If groups were renamed or joined, ask for a waiver for this one release."
#   settings: [fairness.requiredFrom, fairness.maximumFallRatio, fairness.confidence]
#   optional: [input.facts.fairness.comparison.groups.place, input.facts.fairness.comparison.groups.said]
#   references: ["NIST AI RMF 1.0, MEASURE 4.3: improvements and declines are tracked"]
#   example:
#     bad: "women selected 0.84 times as often as men  # in the report; it was 0.97"
#     good: "women selected 0.96 times as often as men  # in the report; it was 0.97"
outcome["fairness/subgroup-regressed"] := result if result := unread(input.settings.fairness.requiredFrom)

else := lib.not_applicable("there is no previous release") if input.previous.status == "absent"

else := lib.unknown(input.previous.reason) if input.previous.status in {"invalid", "unavailable"}

else := lib.not_applicable(comparison.reason) if comparison.status == "absent"

else := lib.unknown(comparison.reason) if comparison.status == "unavailable"

else := lib.not_applicable("the previous reports select nobody, so there is nothing to compare with") if {
	comparison.status == "present"
	count(input.facts.fairness.comparison.groups) == 0
	count(input.facts.fairness.comparison.dropped) == 0
}

else := result if {
	input.previous.status == "present"
	comparison.status == "present"
	count(input.facts.fairness.comparison.dropped) >= 0
	worse := lib.at_place(input.facts.fairness.comparison.groups, kept, fall_details, ["place"], block_path)
	gone := lib.at_place(input.facts.fairness.comparison.dropped, set(), gone_details, ["place"], block_path)
	result := lib.none_of(worse | gone, readable(input.settings.fairness.requiredFrom))
}

else := lib.failed(block_path, {"said": comparison.reason, "maximumRatio": maximum_fall}) if {
	comparison.status == "invalid"
}

else := lib.failed(block_path, {})

comparison := input.evidence.fairness.comparison

maximum_fall := input.settings.fairness.maximumFallRatio

kept contains index if {
	some index, group in input.facts.fairness.comparison.groups
	group.fallLowerRatio <= maximum_fall
}

fall_details[index] := details if {
	some index, group in input.facts.fairness.comparison.groups
	details := object.union(object.remove(group, ["place"]), {"maximumRatio": maximum_fall})
}

gone_details[index] := details if {
	some index, group in input.facts.fairness.comparison.dropped
	details := object.union(group, {"maximumRatio": maximum_fall})
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
