package changegate.checks.slos

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: An objective is not loosened on the way
# description: A release that misses its objective must not be let through by promising less, unseen.
# custom:
#   severity: warning
#   message: "The objective {name} promises less than the previous release did."
#   remediation: "Put the old promise back. If less is meant, say why in the pull request: this is advice."
#   settings: [slos.slosFrom]
#   optional: [input.facts.slos.block, input.facts.slos.slos.kind, input.facts.slos.slos.name, input.facts.slos.slos.previous, input.settings.slos.slosFrom]
#   references: ["https://sre.google/workbook/error-budget-policy/"]
#   example:
#     bad: "{name: latency-p95, thresholdMs: 300, objective: 0.95, window: 30d}  # it was 200"
#     good: "{name: latency-p95, thresholdMs: 200, objective: 0.95, window: 30d}"
outcome["slos/loosened"] := lib.not_applicable(lib.low_tier) if {
	input.settings.slos.slosFrom in risk.beyond
}

else := lib.not_applicable(none_stated) if stateless

else := lib.not_applicable("there is no previous release") if input.previous.status == "absent"

else := lib.unknown(input.previous.reason) if input.previous.status == "unavailable"

else := lib.passed if {
	input.previous.status == "present"
	lib.all_good(input.facts.slos.slos, kept, has_slos)
}

else := result if {
	input.previous.status == "present"
	loosened := {lib.beside_previous(one) | some one in lib.at_index(input.facts.slos.slos, kept, name_details, slos_path, ["name"])}
	result := lib.none_of(loosened, has_slos)
}

else := lib.failed(slos_path, {})

kept contains index if {
	some index, slo in input.facts.slos.slos
	object.get(slo, "previous", "new") == "new"
}

kept contains index if {
	some index, slo in input.facts.slos.slos
	slo.thresholdMs <= slo.previous.thresholdMs
	slo.objectiveRatio >= slo.previous.objectiveRatio
}

kept contains index if {
	some index, slo in input.facts.slos.slos
	slo.kind in {"errors", "other"}
	slo.objectiveRatio >= slo.previous.objectiveRatio
}

name_details[index] := details if {
	some index, slo in input.facts.slos.slos
	details := {"name": slo.name}
}
