package changegate.checks.operations

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Logs with personal data are not kept too long
# description: What is kept no longer than needed cannot leak later. Only a time that is stated can be held.
# custom:
#   severity: error
#   message: "Logs that may hold personal data may be kept for {maximumRetentionSeconds} at most. The manifest says {retentionSeconds}."
#   remediation: "Say under `spec.operations.logging` that they are kept for {maximumRetentionSeconds} or less, such as `retentionDays: 30`."
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

retention_path := ["spec", "operations", "logging", "retentionDays"]
