# METADATA
# title: Operations
# description: |
#   Whether a release can be run: whose it is, who is called when it fails, what they can read and see, and what its logs
#   keep of the people whose data it is given.
# custom:
#   subject: release
#   path: [spec, operations]
package changegate.checks.operations

import data.changegate.lib
import data.changegate.risk

harmless := "the release is given no personal data, and no regulation names its use"

runbook_path := ["spec", "operations", "runbook"]

on_call_path := ["spec", "operations", "onCall"]

escalation_path := ["spec", "operations", "escalation"]

labels_path := ["spec", "operations", "telemetry", "labels"]

inputs_path := ["spec", "operations", "logging", "inputs"]

retention_path := ["spec", "operations", "logging", "retentionDays"]

# METADATA
# title: The owner is a known team
# description: A model without an owner is mended by nobody, and approved by nobody who answers for it. Teams are read at the base, so that a change cannot make up its own owner.
# custom:
#   severity: error
#   message: "The release has no known owner: {reason}."
#   remediation: "Write a team of .changegate/teams.yaml: `owner: payments-ml`. A new team is added in a pull request of its own, before this one."
#   settings: [operations.ownerFrom]
#   optional: [input.settings.operations.ownerFrom]
#   references: ["SR 26-2: every model in the inventory has an owner", "ISO/IEC 42001:2023, A.3.2: roles and responsibilities"]
#   example:
#     bad: "owner: some-team"
#     good: "owner: payments-ml"
outcome["operations/owner-unknown"] := lib.not_applicable(lib.low_tier) if {
	input.settings.operations.ownerFrom in risk.beyond
}

else := lib.unknown(input.evidence.operations.owner.reason) if input.evidence.operations.owner.status == "unavailable"

else := lib.passed if input.evidence.operations.owner.status == "present"

else := result if result := lib.failed(["metadata", "owner"], {"reason": input.evidence.operations.owner.reason})

else := lib.failed(["metadata", "owner"], {})

# METADATA
# title: A release has a runbook
# description: Who is called at night did not train the model. A file is looked for in the repository; an address counts as named, and is not looked at.
# custom:
#   severity: error
#   message: "The release has no runbook: {reason}."
#   remediation: "Write one (how to see that it fails, how to go back, whom to call), commit it and name it under `spec.operations`: `runbook: models/fraud-detector/RUNBOOK.md`."
#   settings: [operations.runbookFrom]
#   optional: [input.settings.operations.runbookFrom]
#   references: ["https://sre.google/sre-book/being-on-call/"]
#   example:
#     bad: "operations: {onCall: payments-ml}"
#     good: "operations: {onCall: payments-ml, runbook: models/fraud-detector/RUNBOOK.md}"
outcome["operations/runbook-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.operations.runbookFrom in risk.beyond
}

else := lib.passed if {
	input.evidence.operations.runbook.status == "present"
	input.facts.operations.runbook == "file"
}

else := lib.passed if {
	input.evidence.operations.runbook.status == "unavailable"
	input.facts.operations.runbook == "url"
}

else := lib.unknown(input.evidence.operations.runbook.reason) if {
	input.evidence.operations.runbook.status == "unavailable"
}

else := result if result := lib.failed(runbook_path, {"reason": input.evidence.operations.runbook.reason})

else := lib.failed(runbook_path, {})

# METADATA
# title: A release names who is called
# description: "An alert that reaches nobody is not an alert. A name that the base's teams do not know reaches nobody either."
# custom:
#   severity: error
#   message: "Nobody is called when the release fails: {reason}."
#   remediation: "Name a team or role of .changegate/teams.yaml under `spec.operations`: `onCall: payments-ml`."
#   settings: [operations.onCallFrom]
#   optional: [input.settings.operations.onCallFrom]
#   references: ["https://sre.google/sre-book/being-on-call/"]
#   example:
#     bad: "operations: {runbook: models/fraud-detector/RUNBOOK.md}"
#     good: "operations: {runbook: models/fraud-detector/RUNBOOK.md, onCall: payments-ml}"
outcome["operations/on-call-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.operations.onCallFrom in risk.beyond
}

else := lib.unknown(input.evidence.operations.onCall.reason) if input.evidence.operations.onCall.status == "unavailable"

else := lib.passed if input.evidence.operations.onCall.status == "present"

else := result if result := lib.failed(on_call_path, {"reason": input.evidence.operations.onCall.reason})

else := lib.failed(on_call_path, {})

# METADATA
# title: A release names who is called next
# description: Whoever is on call may be asleep, or may need somebody who can decide.
# custom:
#   severity: warning
#   message: "Nobody is called after the first: {reason}."
#   remediation: "Name a team or role of .changegate/teams.yaml under `spec.operations`: `escalation: platform`."
#   settings: [operations.escalationFrom]
#   optional: [input.settings.operations.escalationFrom]
#   references: ["https://sre.google/sre-book/managing-incidents/"]
#   example:
#     bad: "operations: {onCall: payments-ml}"
#     good: "operations: {onCall: payments-ml, escalation: platform}"
outcome["operations/escalation-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.operations.escalationFrom in risk.beyond
}

else := lib.unknown(input.evidence.operations.escalation.reason) if {
	input.evidence.operations.escalation.status == "unavailable"
}

else := lib.passed if input.evidence.operations.escalation.status == "present"

else := result if result := lib.failed(escalation_path, {"reason": input.evidence.operations.escalation.reason})

else := lib.failed(escalation_path, {})

# METADATA
# title: A release names its dashboard
# description: A rollout is watched by people too, and they should not have to look for the page first.
# custom:
#   severity: error
#   message: The release names no dashboard.
#   remediation: "Name it under `spec.operations`: `dashboard: https://grafana.acme.example/d/models`."
#   settings: [operations.dashboardFrom]
#   optional: [input.settings.operations.dashboardFrom]
#   references: ["https://sre.google/sre-book/monitoring-distributed-systems/"]
#   example:
#     bad: "operations: {onCall: payments-ml}"
#     good: "operations: {onCall: payments-ml, dashboard: https://grafana.acme.example/d/models}"
outcome["operations/dashboard-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.operations.dashboardFrom in risk.beyond
}

else := lib.passed if input.facts.operations.dashboardStated == true

else := lib.failed(["spec", "operations", "dashboard"], {})

# METADATA
# title: A release has a model card
# description: The card says what the model is for, what it was tested on and where it fails, to those who use it and those who audit it.
# custom:
#   severity: error
#   message: "The release has no model card: {reason}."
#   remediation: "Write one, commit it and name it under `spec`: `modelCard: models/fraud-detector/MODEL_CARD.md`."
#   settings: [operations.modelCardFrom]
#   optional: [input.settings.operations.modelCardFrom]
#   references: ["https://doi.org/10.1145/3287560.3287596", "Regulation (EU) 2024/1689, Article 13: instructions for use"]
#   example:
#     bad: "spec: {version: 2.4.0}"
#     good: "spec: {version: 2.4.0, modelCard: models/fraud-detector/MODEL_CARD.md}"
outcome["operations/model-card-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.operations.modelCardFrom in risk.beyond
}

else := lib.unknown(input.evidence.operations.modelCard.reason) if {
	input.evidence.operations.modelCard.status == "unavailable"
}

else := lib.passed if input.evidence.operations.modelCard.status == "present"

else := result if result := lib.failed(["spec", "modelCard"], {"reason": input.evidence.operations.modelCard.reason})

else := lib.failed(["spec", "modelCard"], {})

# METADATA
# title: Metrics say which release they are of
# description: Without these labels the metrics of the old and the new release run together, and no rollout can be judged by them.
# custom:
#   severity: error
#   message: "Metrics do not carry the labels {missingLabels}."
#   remediation: "Let the serving set them, and say so under `spec.operations`: `telemetry: {labels: [model_version, deploy_id]}`."
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

missing_labels := sort({label |
	some label in input.settings.operations.telemetryLabels
	not label in carried
})

carried contains label if some label in input.facts.operations.telemetry.labels

# METADATA
# title: Answers carry trace ids
# description: A complaint names one answer. Without a trace id nobody finds the request, the features and the release behind it.
# custom:
#   severity: error
#   message: Answers carry no trace ids.
#   remediation: "Let the serving pass them on, and say so under `spec.operations`: `telemetry: {traceIds: true}`."
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

# METADATA
# description: |
#   What the previous release said of itself: what it took part in is asked of this one too, so that no change lifts a
#   demand by saying otherwise. Where there was none, nothing more is asked.
before := object.get(input.facts.risk, "previous", {"personalData": false, "regulated": false})

# METADATA
# title: Inputs are not logged in clear
# description: A log is copied to more places than a database, and read by more people. Inputs that are redacted while personal data is left in are in clear.
# custom:
#   severity: error
#   message: "Inputs with personal data, or under a regulation, are logged in clear, or it is not said how: `logging.inputs` is {inputs}."
#   remediation: "Let the serving hash or redact what it logs of requests, and say so under `spec.operations`: `logging: {inputs: hashed, redactPii: true, retentionDays: 30}`. Allowed here: {allowedInputLogging}."
#   settings: [operations.loggingFrom, operations.allowedInputLogging]
#   optional: [input.facts.risk.claims.personalData, input.facts.risk.claims.regulated, input.settings.operations.loggingFrom]
#   references: ["Regulation (EU) 2016/679 (GDPR), Article 32: security of processing", "https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html"]
#   example:
#     bad: "logging: {inputs: full}"
#     good: "logging: {inputs: hashed, redactPii: true, retentionDays: 30}"
outcome["operations/inputs-logged-in-clear"] := lib.not_applicable(lib.low_tier) if {
	input.settings.operations.loggingFrom in risk.beyond
}

else := lib.not_applicable(harmless) if {
	input.facts.risk.claims.personalData == false
	input.facts.risk.claims.regulated == false
	before.personalData == false
	before.regulated == false
}

else := lib.passed if {
	input.facts.operations.logging.inputs in input.settings.operations.allowedInputLogging
	input.facts.operations.logging.contradictory == false
}

else := result if {
	result := lib.failed(inputs_path, {
		"inputs": input.facts.operations.logging.inputs,
		"allowedInputLogging": input.settings.operations.allowedInputLogging,
	})
}

else := lib.failed(inputs_path, {})

# METADATA
# title: Logs with personal data are not kept too long
# description: What is kept no longer than needed cannot leak later. Only a time that is stated can be held.
# custom:
#   severity: error
#   message: "Logs that may hold personal data may be kept for {maximumRetentionSeconds} at most; the time that is stated: {retentionSeconds}."
#   remediation: "Shorten the retention, or state it, under `spec.operations`: `logging: {retentionDays: 30}`."
#   settings: [operations.loggingFrom, operations.maximumRetentionSeconds]
#   optional: [input.facts.risk.claims.personalData, input.settings.operations.loggingFrom]
#   references: ["Regulation (EU) 2016/679 (GDPR), Article 5(1)(e): storage limitation"]
#   example:
#     bad: "logging: {inputs: hashed, retentionDays: 3650}"
#     good: "logging: {inputs: hashed, retentionDays: 30}"
outcome["operations/retention-too-long"] := lib.not_applicable(lib.low_tier) if {
	input.settings.operations.loggingFrom in risk.beyond
}

else := lib.not_applicable("the release is given no personal data") if {
	input.facts.risk.claims.personalData == false
	before.personalData == false
}

else := lib.passed if {
	input.facts.operations.logging.retentionSeconds <= input.settings.operations.maximumRetentionSeconds
}

else := result if {
	result := lib.failed(retention_path, {
		"retentionSeconds": input.facts.operations.logging.retentionSeconds,
		"maximumRetentionSeconds": input.settings.operations.maximumRetentionSeconds,
	})
}

else := result if {
	result := lib.failed(retention_path, {"maximumRetentionSeconds": input.settings.operations.maximumRetentionSeconds})
}

else := lib.failed(retention_path, {})
