package changegate.checks.external

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The licence of a model that is taken over is allowed
# description: What a licence asks for binds whoever serves the model. Which licences are fit, the settings say.
# custom:
#   severity: error
#   message: "The licence {licence} of the model is on no list of this repository."
#   remediation: "Take a model whose licence is in `external.licences`, or have this one added there by those who answer for it."
#   settings: [external.externalFrom, external.licences]
#   optional: [input.facts.external.licence]
#   references: ["https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/"]
#   example:
#     bad: "licence: CC-BY-NC-4.0"
#     good: "licence: Apache-2.0"
outcome["external/licence-not-allowed"] := lib.not_applicable(none_taken) if input.facts.external.status == "none"

else := lib.not_applicable(lib.low_tier) if input.settings.external.externalFrom in risk.beyond

else := lib.passed if {
	input.settings.external.externalFrom in lib.tiers
	input.facts.external.status == "stated"
	is_allowed
}

else := result if {
	result := lib.failed(array.concat(block_path, ["licence"]), {"licence": input.facts.external.licence})
}

else := lib.failed(block_path, {})

is_allowed if {
	some together in input.facts.external.licences
	count(together) > 0
	every licence in together { licence in input.settings.external.licences }
}
