package changegate.checks.slos

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The window of an objective is long enough
# description: A budget over a short window comes back before anybody has learnt from spending it.
# custom:
#   severity: warning
#   message: "The objective {name} is counted over less than {minimumSeconds}, or over no stated window."
#   remediation: "Write `window: {minimumSeconds}` or longer, such as `window: 30d`."
#   settings: [slos.slosFrom, slos.minimumWindowSeconds]
#   optional: [input.facts.slos.block, input.facts.slos.slos.name, input.settings.slos.slosFrom]
#   references: ["https://sre.google/workbook/implementing-slos/"]
#   example:
#     bad: "{name: error-rate, objective: 0.999, window: 1d}"
#     good: "{name: error-rate, objective: 0.999, window: 30d}"
outcome["slos/window-too-short"] := lib.not_applicable(lib.low_tier) if {
	input.settings.slos.slosFrom in risk.beyond
}

else := lib.not_applicable(none_stated) if stateless

else := lib.passed if lib.all_good(input.facts.slos.slos, long, has_slos)

else := result if result := lib.none_of(lib.at_index(input.facts.slos.slos, long, window_details, slos_path, ["window"]), has_slos)

else := lib.failed(slos_path, {})

long contains index if {
	some index, slo in input.facts.slos.slos
	slo.windowSeconds >= input.settings.slos.minimumWindowSeconds
}

window_details[index] := details if {
	some index, slo in input.facts.slos.slos
	details := {"name": slo.name, "minimumSeconds": input.settings.slos.minimumWindowSeconds}
}
