package changegate.checks.slos

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: An objective limits the errors
# description: The error budget is what a rollout is aborted by, and what the size of its steps is computed from.
# custom:
#   severity: error
#   message: No objective limits the errors.
#   remediation: "Add one whose name says so to `spec.slos`, such as `{name: error-rate, objective: 0.999, window: 30d}`."
#   settings: [slos.errorRateFrom]
#   optional: [input.facts.slos.block, input.settings.slos.errorRateFrom]
#   references: ["https://sre.google/workbook/alerting-on-slos/"]
#   example:
#     bad: "slos: [{name: latency-p95, thresholdMs: 300, objective: 0.95, window: 30d}]"
#     good: "slos: [{name: latency-p95, thresholdMs: 300, objective: 0.95, window: 30d}, {name: error-rate, objective: 0.999, window: 30d}]"
outcome["slos/error-rate-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.slos.errorRateFrom in risk.beyond
}

else := lib.not_applicable(none_stated) if stateless

else := lib.passed if "errors" in input.facts.slos.kinds

else := lib.failed(slos_path, {})
