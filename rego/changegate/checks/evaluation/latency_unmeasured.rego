package changegate.checks.evaluation

import data.changegate.lib

# METADATA
# title: The latency of an objective was measured
# description: A larger model is slower. Whether it keeps its objective is measured before the release, or by the users after it.
# custom:
#   severity: error
#   message: "No report measures the latency that the objective {name} limits."
#   remediation: 'Measure this artifact under load, and add the percentile of the objective to the report, such as `"latency": [{"percentile": 95, "valueMs": 210, "sampleCount": 20000}]`.'
#   settings: [evaluation.latencyFrom]
#   optional: [input.facts.evaluation.latency.name, input.facts.evaluation.latency.place]
#   references: ["https://sre.google/workbook/implementing-slos/"]
#   example:
#     bad: "slos: [{name: latency-p95, thresholdMs: 300, objective: 0.95, window: 30d}]  # and no `latency` in the report"
#     good: "{\"latency\": [{\"percentile\": 95, \"valueMs\": 210}]}  # in the report"
outcome["evaluation/latency-unmeasured"] := result if result := unread(input.settings.evaluation.latencyFrom)

else := lib.not_applicable("no objective limits the latency") if count(input.facts.evaluation.latency) == 0

else := lib.passed if lib.all_good(input.facts.evaluation.latency, timed, readable(input.settings.evaluation.latencyFrom))

else := result if result := lib.none_of(lib.at_place(input.facts.evaluation.latency, timed, latency_names, ["place"], block_path), readable(input.settings.evaluation.latencyFrom))

else := lib.failed(block_path, {})

timed contains index if {
	some index, slo in input.facts.evaluation.latency
	slo.measured == true
}

latency_names[index] := details if {
	some index, slo in input.facts.evaluation.latency
	details := {"name": slo.name}
}
