package changegate.checks.slos

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: An objective limits the latency
# description: A larger model is slower, and nobody notices before the users do unless a limit is written down.
# custom:
#   severity: error
#   message: No objective limits the latency.
#   remediation: "Add one to `spec.slos`, such as `{name: latency-p95, thresholdMs: 300, objective: 0.95, window: 30d}`. The evaluation report has to measure it."
#   settings: [slos.latencyFrom, slos.latencyExemptPlatforms]
#   optional: [input.facts.slos.block, input.release.spec.serving.platform, input.settings.slos.latencyExemptPlatforms, input.settings.slos.latencyFrom]
#   references: ["https://sre.google/workbook/implementing-slos/"]
#   example:
#     bad: "slos: [{name: error-rate, objective: 0.999, window: 30d}]"
#     good: "slos: [{name: latency-p95, thresholdMs: 300, objective: 0.95, window: 30d}, {name: error-rate, objective: 0.999, window: 30d}]"
outcome["slos/latency-objective-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.slos.latencyFrom in risk.beyond
}

else := lib.not_applicable("nobody waits for an answer on this platform") if {
	input.release.spec.serving.platform in input.settings.slos.latencyExemptPlatforms
}

else := lib.not_applicable(none_stated) if stateless

else := lib.passed if "latency" in input.facts.slos.kinds

else := lib.failed(slos_path, {})
