package changegate.checks.evaluation

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release is evaluated
# description: A release that nobody measured is a guess, and the users find out how good it was.
# custom:
#   severity: error
#   message: The release names no evaluation report.
#   remediation: "Evaluate this artifact, commit the report, and name it under `spec`: `evaluation: {evidence: [{path: {beside}evidence/evaluation.json, digest: sha256:…}]}`. What a report holds: {docs}/evidence.md"
#   settings: [evaluation.requiredFrom]
#   references: ["NIST AI RMF 1.0, MEASURE 2.3: performance is measured under conditions similar to deployment"]
#   example:
#     bad: "spec: {version: 2.4.0}"
#     good: "evaluation: {evidence: [{path: evidence/evaluation.json, digest: sha256:…}]}"
outcome["evaluation/missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.evaluation.requiredFrom in risk.beyond
}

else := lib.passed if {
	input.settings.evaluation.requiredFrom in lib.tiers
	input.facts.evaluation.block == "present"
	count(input.evidence.evaluation.files) > 0
}

else := lib.failed(block_path, {})
