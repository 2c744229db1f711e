package changegate.checks.limits

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A package does not grow by leaps
# description: "A device downloads the whole package again, and a function that is three times as large starts slower. A leap is often a file that does not belong into it."
# custom:
#   severity: warning
#   message: "The package is {growthRatio} times as large as in the previous release; this tier allows {maximumRatio}."
#   remediation: "Look what came into the package; take out what does not belong there, or say in the pull request why it grew. This is advice: it closes nothing."
#   settings: [limits.limitsFrom, limits.maximumPackageGrowthRatio]
#   optional: [input.previous]
#   references: ["https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"]
#   example:
#     bad: "packageBytes: 90000000  # it was 9000000"
#     good: "packageBytes: 9500000  # it was 9000000"
outcome["limits/package-grew-too-much"] := lib.not_applicable(lib.low_tier) if {
	input.settings.limits.limitsFrom in risk.beyond
}

else := lib.not_applicable("the manifest states no size of a package") if facts.packageGrowth.status == "not-stated"

else := lib.not_applicable("the previous release stated none") if facts.packageGrowth.status == "new"

else := lib.passed if {
	input.settings.limits.limitsFrom in lib.tiers
	facts.packageGrowth.status == "sized"
	facts.packageGrowth.growthRatio <= input.settings.limits.maximumPackageGrowthRatio[risk.tier]
}

else := result if {
	details := {
		"growthRatio": facts.packageGrowth.growthRatio,
		"maximumRatio": input.settings.limits.maximumPackageGrowthRatio[risk.tier],
	}
	result := lib.failed_beside_previous(array.concat(serving_path, ["packageBytes"]), details)
}

else := lib.failed(serving_path, {})
