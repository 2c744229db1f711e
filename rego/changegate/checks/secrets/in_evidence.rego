package changegate.checks.secrets

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: No secret stands in a file that a manifest names
# description: "Reports, cards and attestations are written by tools that have tokens, and some write them down."
# custom:
#   severity: error
#   message: "A file that the manifest names holds {kind}. It is not shown here, nor in any report or record."
#   remediation: "Take it out of this file, and revoke it where it was made: whoever could read the repository has it, and its history keeps it. Name where it is kept (a secret of CI, an environment variable) instead."
#   settings: [secrets.secretsFrom]
#   references: ["https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns", "https://github.com/Yelp/detect-secrets"]
#   example:
#     bad: "{\"trackingToken\": \"hf_…\"}  # in a report"
#     good: "{\"trackingUri\": \"https://mlflow.acme.example\"}"
outcome["secrets/in-evidence"] := lib.not_applicable(lib.low_tier) if {
	input.settings.secrets.secretsFrom in risk.beyond
}

else := result if {
	known
	result := lib.none_of(told("evidence"), looked)
}

else := lib.failed(["metadata", "name"], {})
