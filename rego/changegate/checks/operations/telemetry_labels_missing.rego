package changegate.checks.operations

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Metrics say which release they are of
# description: Without these labels the metrics of the old and the new release run together, and no rollout can be judged by them.
# custom:
#   severity: error
#   message: "Metrics do not carry the labels {missingLabels}."
#   remediation: "Let the serving set them, and add them to `labels` under `spec.operations.telemetry`: `{missingLabels}`."
#   settings: [operations.telemetryFrom, operations.telemetryLabels]
#   optional: [input.settings.operations.telemetryFrom]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "telemetry: {labels: [model_version]}"
#     good: "telemetry: {labels: [model_version, deploy_id]}"
outcome["operations/telemetry-labels-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.operations.telemetryFrom in risk.beyond
}

else := lib.passed if {
	count(input.settings.operations.telemetryLabels) > 0
	every label in input.settings.operations.telemetryLabels { label in carried }
}

else := result if {
	count(missing_labels) > 0
	result := lib.failed(labels_path, {"missingLabels": missing_labels})
}

else := lib.failed(labels_path, {})

labels_path := ["spec", "operations", "telemetry", "labels"]

missing_labels := sort({label |
	some label in input.settings.operations.telemetryLabels
	not label in carried
})

carried contains label if some label in input.facts.operations.telemetry.labels
