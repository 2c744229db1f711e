package changegate.checks.slos

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The latency that is promised is short enough
# description: An objective that every release meets protects nobody. Generation has a limit of its own.
# custom:
#   severity: error
#   message: "The objective {name} allows {thresholdMs}; this tier allows at most {maximumMs}."
#   remediation: "Write `thresholdMs: {maximumMs}` or less. Or have the limit raised for this model under `overrides` in .changegate/config.yaml, in a pull request before this one."
#   settings: [slos.slosFrom, slos.maximumLatencyMs, slos.maximumGenerationLatencyMs]
#   optional: [input.facts.slos.block, input.facts.slos.slos.kind, input.facts.slos.slos.name, input.release.spec.task, input.settings.slos.maximumGenerationLatencyMs, input.settings.slos.maximumLatencyMs, input.settings.slos.slosFrom]
#   references: ["https://sre.google/workbook/implementing-slos/"]
#   example:
#     bad: "{name: latency-p95, thresholdMs: 5000, objective: 0.95, window: 30d}"
#     good: "{name: latency-p95, thresholdMs: 300, objective: 0.95, window: 30d}"
outcome["slos/latency-threshold-too-high"] := lib.not_applicable(lib.low_tier) if {
	input.settings.slos.slosFrom in risk.beyond
}

else := lib.not_applicable(none_stated) if stateless

else := lib.passed if lib.all_good(input.facts.slos.slos, fast, has_slos)

else := result if result := lib.none_of(lib.at_index(input.facts.slos.slos, fast, latency_details, slos_path, ["thresholdMs"]), has_slos)

else := lib.failed(slos_path, {})

fast contains index if {
	some index, slo in input.facts.slos.slos
	slo.kind in {"errors", "other"}
}

fast contains index if {
	some index, slo in input.facts.slos.slos
	slo.thresholdMs <= maximum_latency
}

latency_details[index] := details if {
	some index, slo in input.facts.slos.slos
	details := {"name": slo.name, "thresholdMs": slo.thresholdMs, "maximumMs": maximum_latency}
}

maximum_latency := input.settings.slos.maximumGenerationLatencyMs[risk.tier] if input.release.spec.task == "generation"

else := input.settings.slos.maximumLatencyMs[risk.tier]
