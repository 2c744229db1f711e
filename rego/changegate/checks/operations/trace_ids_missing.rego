package changegate.checks.operations

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Answers carry trace ids
# description: A complaint names one answer. Without a trace id nobody finds the request, the features and the release behind it.
# custom:
#   severity: error
#   message: Answers carry no trace ids.
#   remediation: "Let the serving pass them on, and say so under `spec.operations.telemetry`: `traceIds: true`."
#   settings: [operations.traceIdsFrom, operations.traceIdsExemptPlatforms]
#   optional: [input.release.spec.serving.platform, input.settings.operations.traceIdsExemptPlatforms, input.settings.operations.traceIdsFrom]
#   references: ["https://www.w3.org/TR/trace-context/", "Regulation (EU) 2024/1689, Article 12: record-keeping"]
#   example:
#     bad: "telemetry: {labels: [model_version, deploy_id]}"
#     good: "telemetry: {labels: [model_version, deploy_id], traceIds: true}"
outcome["operations/trace-ids-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.operations.traceIdsFrom in risk.beyond
}

else := lib.not_applicable("nobody waits for a single answer on this platform") if {
	input.release.spec.serving.platform in input.settings.operations.traceIdsExemptPlatforms
}

else := lib.passed if input.facts.operations.telemetry.traceIds == true

else := lib.failed(["spec", "operations", "telemetry", "traceIds"], {})
