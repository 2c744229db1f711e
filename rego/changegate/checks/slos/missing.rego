package changegate.checks.slos

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release states its objectives
# description: Without an objective nothing can tell whether a release is good enough to be promoted.
# custom:
#   severity: error
#   message: The release states no service-level objectives.
#   remediation: "Add them under `spec`, such as `slos: [{name: latency-p95, thresholdMs: 300, objective: 0.95, window: 30d}, {name: error-rate, objective: 0.999, window: 30d}]`."
#   settings: [slos.slosFrom, slos.notApplicablePlatforms]
#   optional: [input.release.spec.serving.platform, input.settings.slos.notApplicablePlatforms, input.settings.slos.slosFrom]
#   references: ["https://sre.google/workbook/implementing-slos/"]
#   example:
#     bad: "spec: {version: 2.4.0}"
#     good: "slos: [{name: error-rate, objective: 0.999, window: 30d}]"
outcome["slos/missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.slos.slosFrom in risk.beyond
}

else := lib.not_applicable("the platform answers nobody who waits, as the manifest says") if {
	input.facts.slos.block == "not-applicable"
	input.release.spec.serving.platform in input.settings.slos.notApplicablePlatforms
}

else := lib.passed if {
	input.facts.slos.block == "present"
	count(input.facts.slos.slos) > 0
}

else := lib.failed(slos_path, {})
