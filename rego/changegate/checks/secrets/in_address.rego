package changegate.checks.secrets

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: No address carries its password
# description: "A signed address or a name with its password opens what it names for everybody who reads it, until it ends."
# custom:
#   severity: error
#   message: "The manifest holds {kind}. It is not shown here, nor in any report or record."
#   remediation: "Write the address without it, and revoke it where it was made: whoever could read the repository has it, and its history keeps it. Name where it is kept (a secret of CI, an environment variable) instead."
#   settings: [secrets.secretsFrom]
#   references: ["https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns", "https://github.com/Yelp/detect-secrets"]
#   example:
#     bad: "uri: https://models.blob.core.windows.net/m/model.onnx?sig=…"
#     good: "uri: https://models.blob.core.windows.net/m/model.onnx"
outcome["secrets/in-address"] := lib.not_applicable(lib.low_tier) if {
	input.settings.secrets.secretsFrom in risk.beyond
}

else := result if {
	known
	result := lib.none_of(told("address"), looked)
}

else := lib.failed(["metadata", "name"], {})
