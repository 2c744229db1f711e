package changegate.checks.operations

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Inputs are not logged in clear
# description: A log is copied to more places than a database, and read by more people. Inputs that are redacted while personal data is left in are in clear.
# custom:
#   severity: error
#   message: "Inputs with personal data, or under a regulation, are logged in clear. The manifest says of them: `logging.inputs` is {inputs}."
#   remediation: "Let the serving hash or redact what it logs of requests, and say so under `spec.operations.logging`: `inputs: hashed`. Allowed here: {allowedInputLogging}."
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

harmless := "the release is given no personal data, and no regulation names its use"

inputs_path := ["spec", "operations", "logging", "inputs"]
