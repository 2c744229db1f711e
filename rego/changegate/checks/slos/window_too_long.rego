package changegate.checks.slos

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The window of an objective ends while people remember it
# description: A budget over a window of years is never spent, whatever the bad weeks are like, and nobody is called.
# custom:
#   severity: warning
#   message: "The objective {name} is counted over {windowSeconds}; a window has {maximumSeconds} at most."
#   remediation: "Write `window: {maximumSeconds}` or less, such as `window: 30d`."
#   settings: [slos.slosFrom, slos.maximumWindowSeconds]
#   optional: [input.facts.slos.block, input.facts.slos.slos.name, input.facts.slos.slos.windowSeconds, input.settings.slos.slosFrom]
#   references: ["https://sre.google/workbook/implementing-slos/"]
#   example:
#     bad: "{name: error-rate, objective: 0.999, window: 300d}"
#     good: "{name: error-rate, objective: 0.999, window: 30d}"
outcome["slos/window-too-long"] := lib.not_applicable(lib.low_tier) if {
	input.settings.slos.slosFrom in risk.beyond
}

else := lib.not_applicable(none_stated) if stateless

else := lib.passed if lib.all_good(input.facts.slos.slos, ends, has_slos)

else := result if result := lib.none_of(lib.at_index(input.facts.slos.slos, ends, too_long, slos_path, ["window"]), has_slos)

else := lib.failed(slos_path, {})

ends contains index if {
	some index, slo in input.facts.slos.slos
	slo.windowSeconds <= input.settings.slos.maximumWindowSeconds
}

# What states no window is told by slos/window-too-short.
ends contains index if {
	some index, slo in input.facts.slos.slos
	object.get(slo, "windowSeconds", null) == null
}

too_long[index] := details if {
	some index, slo in input.facts.slos.slos
	details := {
		"name": slo.name,
		"windowSeconds": slo.windowSeconds,
		"maximumSeconds": input.settings.slos.maximumWindowSeconds,
	}
}
