package changegate.checks.risk

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The intended use is stated
# description: Without it nobody can say whether a change is within what was assessed.
# custom:
#   severity: error
#   message: The manifest does not say what the model is for.
#   remediation: "Write it under `spec` in a sentence, such as `intendedUse: Scores card transactions in real time.`"
#   settings: [risk.intendedUseFrom]
#   references: ["Regulation (EU) 2024/1689, Article 3(12)", "ISO/IEC 42001:2023, 6.1.4"]
#   example:
#     bad: "spec: {version: 2.4.0}"
#     good: "spec: {version: 2.4.0, intendedUse: Scores card transactions in real time.}"
outcome["risk/intended-use-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.risk.intendedUseFrom in risk.beyond
}

else := lib.passed if input.facts.risk.intendedUse.stated == true

else := lib.failed(use_path, {})
