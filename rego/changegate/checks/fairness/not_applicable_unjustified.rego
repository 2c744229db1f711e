package changegate.checks.fairness

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Who affects users does not say that fairness does not apply
# description: A reason is quickly written. From this tier a release that affects users is measured instead.
# custom:
#   severity: error
#   message: "The release affects users, and the manifest says that fairness does not apply to it."
#   remediation: "Write `protectedAttributes` and a report in place of `notApplicable`; or correct `affectsUsers`, if the answers reach nobody."
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
