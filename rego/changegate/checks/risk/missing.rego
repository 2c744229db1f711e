package changegate.checks.risk

import data.changegate.lib

# METADATA
# title: The claims about risk are stated
# description: What is left out counts as the worst, so that leaving a line out lowers nothing; a person should state it instead.
# custom:
#   severity: error
#   message: "The claims about risk are not complete; not stated: {unstated}."
#   remediation: "State under `spec.risk` what is true of this model: {unstated}. A whole example is `risk: {tier: medium, exposure: production, affectsUsers: true, revenueBand: none, regulated: false, safetyCritical: false, personalData: false}`."
#   settings: []
#   references: ["NIST AI RMF 1.0, MAP 1.1 and MAP 5.1", "SR 26-2: model inventory and materiality"]
#   example:
#     bad: "risk: {tier: medium, exposure: production}"
#     good: "risk: {tier: low, exposure: research}"
outcome["risk/missing"] := lib.passed if count(input.facts.risk.unstated) == 0

else := result if result := lib.failed(risk_path, {"unstated": input.facts.risk.unstated})

else := lib.failed(risk_path, {})

risk_path := ["spec", "risk"]
