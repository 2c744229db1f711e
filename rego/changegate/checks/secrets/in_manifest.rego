package changegate.checks.secrets

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: No secret stands in a manifest
# description: "A manifest is read by everybody who may read the repository, by CI and by whoever reads its reports. Labels, annotations and comments are part of it."
# custom:
#   severity: error
#   message: "The manifest holds {kind}. It is not shown here, nor in any report or record."
#   remediation: "Take it out of this file, and revoke it where it was made: whoever could read the repository has it, and its history keeps it. Name where it is kept (a secret of CI, an environment variable) instead."
#   settings: [secrets.secretsFrom]
#   references: ["https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns", "https://github.com/Yelp/detect-secrets"]
#   example:
#     bad: "annotations: {token: hf_…}"
#     good: "annotations: {tokenFrom: the secret HF_TOKEN of CI}"
outcome["secrets/in-manifest"] := lib.not_applicable(lib.low_tier) if {
	input.settings.secrets.secretsFrom in risk.beyond
}

else := result if {
	known
	result := lib.none_of(told("manifest"), looked)
}

else := lib.failed(["metadata", "name"], {})
