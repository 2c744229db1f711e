package changegate.checks.fairness

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release that meets people is checked for fairness
# description: A bias that nobody measures is found by the people whom it harms.
# custom:
#   severity: error
#   message: The release affects users or uses personal data, and names no fairness report.
#   remediation: "Measure this artifact by group, commit the report, and name it under `spec`: `fairness: {protectedAttributes: [sex, age_band], evidence: [{format: counts, path: {beside}evidence/fairness.json, digest: sha256:…}]}`. What a report holds: {docs}/evidence.md"
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

impersonal(claims) if claims.personalData == false

impersonal(claims) if {
	claims.exposure == "research"
	object.get(claims, "personalData", false) == false
}
