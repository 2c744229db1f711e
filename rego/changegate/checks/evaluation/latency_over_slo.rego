package changegate.checks.evaluation

import data.changegate.lib

# METADATA
# title: The measured latency keeps the objective
# description: The percentile of the report, or a higher one, stays under the objective's threshold.
# custom:
#   severity: error
#   message: "The report measures {valueMs} at P{percentile}, where the objective {name} allows {thresholdMs}."
#   remediation: "Make the model faster (quantize, batch, more replicas), measure again, and commit that report."
#   settings: [evaluation.requiredFrom]
#   optional: [input.facts.evaluation.latency.name, input.facts.evaluation.latency.percentile, input.facts.evaluation.latency.place]
#   references: ["https://sre.google/workbook/implementing-slos/"]
#   example:
#     bad: "{\"latency\": [{\"percentile\": 95, \"valueMs\": 410}]}  # in the report, beside thresholdMs: 300"
#     good: "{\"latency\": [{\"percentile\": 95, \"valueMs\": 210}]}  # in the report"
outcome["evaluation/latency-over-slo"] := result if result := unread(input.settings.evaluation.requiredFrom)

else := lib.not_applicable("no objective limits the latency") if count(input.facts.evaluation.latency) == 0

else := lib.passed if lib.all_good(input.facts.evaluation.latency, fast, readable(input.settings.evaluation.requiredFrom))

else := result if result := lib.none_of(lib.at_place(input.facts.evaluation.latency, fast, latency_details, ["place"], block_path), readable(input.settings.evaluation.requiredFrom))

else := lib.failed(block_path, {})

fast contains index if {
	some index, slo in input.facts.evaluation.latency
	slo.measured == false
}

fast contains index if {
	some index, slo in input.facts.evaluation.latency
	slo.measured == true
	slo.valueMs <= slo.thresholdMs
}

latency_details[index] := details if {
	some index, slo in input.facts.evaluation.latency
	details := {
		"name": slo.name, "percentile": slo.percentile,
		"valueMs": slo.valueMs, "thresholdMs": slo.thresholdMs,
	}
}
