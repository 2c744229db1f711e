package changegate.checks.slos

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The objective covers enough of the requests
# description: An objective that may be broken for many requests is met by a release that is bad for many users.
# custom:
#   severity: error
#   message: "The objective {name} covers {objectiveRatio%} of the requests; this tier needs at least {minimumRatio%}."
#   remediation: "Write `objective: {minimumRatio}` or more."
#   settings: [slos.slosFrom, slos.minimumLatencyObjectiveRatio, slos.minimumErrorObjectiveRatio]
#   optional: [input.facts.slos.block, input.facts.slos.slos.name, input.settings.slos.slosFrom]
#   references: ["https://sre.google/workbook/implementing-slos/"]
#   example:
#     bad: "{name: error-rate, objective: 0.9, window: 30d}"
#     good: "{name: error-rate, objective: 0.999, window: 30d}"
outcome["slos/objective-too-low"] := lib.not_applicable(lib.low_tier) if {
	input.settings.slos.slosFrom in risk.beyond
}

else := lib.not_applicable(none_stated) if stateless

else := lib.passed if lib.all_good(input.facts.slos.slos, strict, has_slos)

else := result if result := lib.none_of(lib.at_index(input.facts.slos.slos, strict, strict_details, slos_path, ["objective"]), has_slos)

else := lib.failed(slos_path, {})

minimum_ratio["latency"] := input.settings.slos.minimumLatencyObjectiveRatio[risk.tier]

minimum_ratio["errors"] := input.settings.slos.minimumErrorObjectiveRatio[risk.tier]

strict contains index if {
	some index, slo in input.facts.slos.slos
	slo.kind == "other"
}

strict contains index if {
	some index, slo in input.facts.slos.slos
	slo.objectiveRatio >= minimum_ratio[slo.kind]
}

strict_details[index] := details if {
	some index, slo in input.facts.slos.slos
	details := {"name": slo.name, "objectiveRatio": slo.objectiveRatio, "minimumRatio": minimum_ratio[slo.kind]}
}
