package changegate.checks.evaluation

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The latency was measured on enough requests
# description: "Of three requests nobody can tell a P95. It takes so many that one slower than the percentile has been seen: 59 for a P95 at 95% confidence, 299 for a P99. A percentile without a count may come of any number."
# custom:
#   severity: error
#   message: "P{percentile} of {name} was measured on {sampleCount} requests; {samplesNeeded} can tell it, and this tier asks for {minimumCount}."
#   remediation: 'Measure at least {samplesNeeded} requests to this artifact, and no fewer than {minimumCount}. Write beside the percentile how many they were: `"sampleCount": 20000`.'
#   settings: [evaluation.latencyFrom, evaluation.latencyConfidence, evaluation.minimumLatencySampleCount]
#   optional: [input.facts.evaluation.latency.name, input.facts.evaluation.latency.percentile, input.facts.evaluation.latency.countPlace, input.settings.evaluation.latencyConfidence]
#   references: ["https://doi.org/10.1214/aoms/1177731788", "https://sre.google/workbook/implementing-slos/"]
#   example:
#     bad: "{\"latency\": [{\"percentile\": 95, \"valueMs\": 88, \"sampleCount\": 3}]}  # in the report"
#     good: "{\"latency\": [{\"percentile\": 95, \"valueMs\": 88, \"sampleCount\": 20000}]}  # in the report"
outcome["evaluation/latency-sample-too-small"] := result if result := unread(input.settings.evaluation.latencyFrom)

else := lib.not_applicable("no objective limits the latency") if count(input.facts.evaluation.latency) == 0

else := lib.passed if lib.all_good(input.facts.evaluation.latency, counted, readable(input.settings.evaluation.latencyFrom))

else := result if result := lib.none_of(lib.at_place(input.facts.evaluation.latency, counted, latency_counts, ["countPlace"], block_path), readable(input.settings.evaluation.latencyFrom))

else := lib.failed(block_path, {})

counted contains index if {
	some index, slo in input.facts.evaluation.latency
	slo.measured == false
}

counted contains index if {
	some index, slo in input.facts.evaluation.latency
	slo.measured == true
	slo.sampleCount >= slo.samplesNeeded
	slo.sampleCount >= input.settings.evaluation.minimumLatencySampleCount[risk.tier]
}

latency_counts[index] := details if {
	some index, slo in input.facts.evaluation.latency
	minimum := input.settings.evaluation.minimumLatencySampleCount[risk.tier]
	details := {
		"name": slo.name, "percentile": slo.percentile, "samplesNeeded": slo.samplesNeeded,
		"sampleCount": object.get(slo, "sampleCount", "an unknown number of"), "minimumCount": minimum,
	}
}
