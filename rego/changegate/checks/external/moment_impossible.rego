package changegate.checks.external

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A model was obtained at a moment that exists and is past
# description: Licences and snapshots change. When the model was obtained says which of them hold.
# custom:
#   severity: error
#   message: "`obtainedAt` cannot be: {reason}."
#   remediation: "Write when the model was obtained, with its zone, such as `obtainedAt: 2026-10-01T00:00:00Z`."
#   settings: [external.externalFrom]
#   references: ["https://www.rfc-editor.org/rfc/rfc3339#section-5.6"]
#   example:
#     bad: "obtainedAt: 2031-01-01T00:00:00Z"
#     good: "obtainedAt: 2026-10-01T00:00:00Z"
outcome["external/moment-impossible"] := lib.not_applicable(none_taken) if input.facts.external.status == "none"

else := lib.not_applicable(lib.low_tier) if input.settings.external.externalFrom in risk.beyond

else := lib.passed if {
	input.settings.external.externalFrom in lib.tiers
	input.facts.external.status == "stated"
	input.facts.external.obtained == "past"
}

else := result if {
	result := lib.failed(array.concat(block_path, ["obtainedAt"]), {"reason": reasons[input.facts.external.obtained]})
}

else := lib.failed(block_path, {})

reasons := {"future": "it lies in the future", "none": "it is no moment that exists"}
