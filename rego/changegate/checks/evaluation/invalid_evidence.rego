package changegate.checks.evaluation

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Evaluation reports can be believed
# description: A report that is not there, is not the one that its digest names, contradicts itself or comes from the future shows nothing.
# custom:
#   severity: error
#   message: "The evaluation report is not valid: {reason}."
#   remediation: "Commit the report as the evaluation wrote it, made on this artifact, and write the sha256 of that file into `digest` (`sha256sum FILE` prints it). What a report holds: {docs}/evidence.md"
#   settings: [evaluation.requiredFrom]
#   optional: [input.settings, input.evidence.evaluation.files.place]
#   references: ["https://changegate.dev/schemas/evaluation-report.schema.json"]
#   example:
#     bad: "evaluation: {evidence: [{path: evidence/evaluation.json, digest: sha256:…}]}  # the file was edited since"
#     good: "evaluation: {evidence: [{path: evidence/evaluation.json, digest: sha256:…}]}  # sha256sum evidence/evaluation.json"
outcome["evaluation/invalid-evidence"] := lib.not_applicable("the manifest names no evaluation report") if {
	input.evidence.evaluation.status == "absent"
}

else := {"outcome": "failed", "violations": unsound} if count(unsound) > 0

else := lib.not_applicable(lib.low_tier) if {
	input.evidence.evaluation.status == "unavailable"
	input.settings.evaluation.requiredFrom in risk.beyond
}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := lib.passed if {
	input.evidence.evaluation.status == "present"
	count(input.evidence.evaluation.files) > 0
	every file in input.evidence.evaluation.files { file.status == "present" }
}

else := lib.failed(block_path, {})

unsound := lib.unsound(input.evidence.evaluation.files, block_path)
