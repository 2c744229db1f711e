# METADATA
# title: Cost
# description: What a release costs to run, beside its budget and beside the previous release.
# custom:
#   subject: release
#   path: [spec, cost]
package changegate.checks.cost

exempted := "inference costs nothing on this platform, as the manifest says"

none_stated := "no cost is stated: see cost/missing"

cost_path := ["spec", "cost", "perThousandInferences"]

budget_path := ["spec", "cost", "weeklyBudget"]

exempt if {
	input.facts.cost.block == "not-applicable"
	input.release.spec.serving.platform in input.settings.cost.notApplicablePlatforms
}
