package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Training data was taken at a moment that exists and is past
# description: The 30th of February, and a snapshot of next year, are of no data that a model was trained on.
# custom:
#   severity: error
#   message: "{name} cannot be: {reason}."
#   remediation: "Write when the data was taken, with its zone, as the data's store has it, such as `snapshotAt: 2026-10-01T00:00:00Z`."
#   settings: [provenance.momentsFrom]
#   optional: [input.facts.provenance.moments.name, input.facts.provenance.moments.place]
#   references: ["https://www.rfc-editor.org/rfc/rfc3339#section-5.6"]
#   example:
#     bad: "snapshotAt: 2026-02-30T00:00:00Z"
#     good: "snapshotAt: 2026-10-01T00:00:00Z"
outcome["provenance/moment-impossible"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.momentsFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable("the manifest names no moment") if input.facts.provenance.moments == []

else := lib.passed if lib.all_good(input.facts.provenance.moments, bygone, asked(input.settings.provenance.momentsFrom))

else := result if result := lib.none_of(lib.at_place(input.facts.provenance.moments, bygone, impossible, ["place"], data_path), asked(input.settings.provenance.momentsFrom))

else := lib.failed(data_path, {})

bygone contains index if {
	some index, one in input.facts.provenance.moments
	one.status == "past"
}

impossible[index] := details if {
	some index, one in input.facts.provenance.moments
	details := {"name": one.name, "reason": object.get(impossibilities, one.status, "nothing is known of it")}
}

impossibilities := {"future": "it lies in the future", "none": "it is no moment that exists"}
