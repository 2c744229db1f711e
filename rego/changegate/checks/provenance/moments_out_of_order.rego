package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Data is taken, the model built and evaluated in that order
# description: A report that was made before the data was taken, or before the build began, is not of this model. Only what the manifest, attestations and reports say is compared.
# custom:
#   severity: error
#   message: "{later} lies {behindSeconds} before {earlier}, and can only come after it."
#   remediation: "Write the moment that is right. Where all are right, evaluate this model, and name that report."
#   settings: [provenance.momentsFrom]
#   optional: [input.facts.provenance.order.earlier, input.facts.provenance.order.later, input.facts.provenance.order.place, input.facts.provenance.order.behindSeconds]
#   references: ["https://slsa.dev/spec/v1.0/provenance", "https://www.rfc-editor.org/rfc/rfc3339#section-5.6"]
#   example:
#     bad: "snapshotAt: 2026-10-30T00:00:00Z  # and in the report: \"evaluatedAt\": \"2026-10-25T08:00:00Z\""
#     good: "snapshotAt: 2026-10-01T00:00:00Z  # and in the report: \"evaluatedAt\": \"2026-10-25T08:00:00Z\""
outcome["provenance/moments-out-of-order"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.momentsFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable("no two moments are known that have an order") if input.facts.provenance.order == []

else := lib.passed if lib.all_good(input.facts.provenance.order, ordered, asked(input.settings.provenance.momentsFrom))

else := result if result := lib.none_of(lib.at_place(input.facts.provenance.order, ordered, disorders, ["place"], data_path), asked(input.settings.provenance.momentsFrom))

else := lib.failed(data_path, {})

ordered contains index if {
	some index, one in input.facts.provenance.order
	one.gapSeconds >= 0
}

disorders[index] := details if {
	some index, one in input.facts.provenance.order
	details := {"earlier": one.earlier, "later": one.later, "behindSeconds": one.behindSeconds}
}
