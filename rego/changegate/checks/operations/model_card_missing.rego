package changegate.checks.operations

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release has a model card
# description: The card says what the model is for, what it was tested on and where it fails, to those who use it and those who audit it. Headings and placeholders say nothing of it.
# custom:
#   severity: error
#   message: "The release has no model card: {reason}."
#   remediation: "Write what the model is for, how it was made and where it fails, in sentences of your own. Commit that, and name it under `spec`: `modelCard: {beside}MODEL_CARD.md`."
#   settings: [operations.modelCardFrom, operations.minimumDocumentWordsCount]
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

else := lib.passed if {
	input.evidence.operations.modelCard.status == "present"
	input.evidence.operations.modelCard.wordsCount >= input.settings.operations.minimumDocumentWordsCount
}

else := lib.failed(["spec", "modelCard"], {"reason": reason}) if reason := input.evidence.operations.modelCard.reason

else := lib.failed(["spec", "modelCard"], {"reason": says_nothing}) if input.evidence.operations.modelCard.status == "present"

else := lib.failed(["spec", "modelCard"], {})
