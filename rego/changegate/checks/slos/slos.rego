# METADATA
# title: Service-level objectives
# description: What a release promises its users, and so what a rollout is judged by.
# custom:
#   subject: release
#   path: [spec, slos]
package changegate.checks.slos

import data.changegate.lib
import data.changegate.risk

none_stated := "no objective is stated: see slos/missing"

slos_path := ["spec", "slos"]

# METADATA
# title: A release states its objectives
# description: Without an objective nothing can tell whether a release is good enough to be promoted.
# custom:
#   severity: error
#   message: The release states no service-level objectives.
#   remediation: "Add them: `slos: [{name: latency-p95, thresholdMs: 300, objective: 0.95, window: 30d}, {name: error-rate, objective: 0.999, window: 30d}]`."
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

# METADATA
# title: An objective limits the latency
# description: A larger model is slower, and nobody notices before the users do unless a limit is written down.
# custom:
#   severity: error
#   message: No objective limits the latency.
#   remediation: "Add one: `{name: latency-p95, thresholdMs: 300, objective: 0.95, window: 30d}`."
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

# METADATA
# title: An objective limits the errors
# description: The error budget is what a rollout is aborted by, and what the size of its steps is computed from.
# custom:
#   severity: error
#   message: No objective limits the errors.
#   remediation: "Add one whose name says so: `{name: error-rate, objective: 0.999, window: 30d}`."
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

# METADATA
# title: The latency that is promised is short enough
# description: An objective that every release meets protects nobody. Generation has a limit of its own.
# custom:
#   severity: error
#   message: "The objective {name} allows {thresholdMs}; this tier allows at most {maximumMs}."
#   remediation: "Lower `thresholdMs`, or have the limit raised for this model in the settings."
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

# METADATA
# title: The objective covers enough of the requests
# description: An objective that may be broken for many requests is met by a release that is bad for many users.
# custom:
#   severity: error
#   message: "The objective {name} covers {objectiveRatio} of the requests; this tier needs at least {minimumRatio}."
#   remediation: "Raise `objective`, for example to 0.95 for a latency and 0.999 for errors."
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

# METADATA
# title: The window of an objective is long enough
# description: A budget over a short window comes back before anybody has learnt from spending it.
# custom:
#   severity: warning
#   message: "The objective {name} is counted over less than {minimumSeconds}, or over no stated window."
#   remediation: "State a longer window, for example `window: 30d`."
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

# METADATA
# title: An objective is not loosened on the way
# description: A release that misses its objective must not be let through by promising less, unseen.
# custom:
#   severity: warning
#   message: "The objective {name} promises less than the previous release did."
#   remediation: "Put the old promise back, or change it in a pull request of its own."
#   settings: [slos.slosFrom]
#   optional: [input.facts.slos.block, input.facts.slos.slos.kind, input.facts.slos.slos.name, input.facts.slos.slos.previous, input.settings.slos.slosFrom]
#   references: ["https://sre.google/workbook/error-budget-policy/"]
#   example:
#     bad: "{name: latency-p95, thresholdMs: 300, objective: 0.95, window: 30d}  # it was 200"
#     good: "{name: latency-p95, thresholdMs: 200, objective: 0.95, window: 30d}"
outcome["slos/loosened"] := lib.not_applicable(lib.low_tier) if {
	input.settings.slos.slosFrom in risk.beyond
}

else := lib.not_applicable(none_stated) if stateless

else := lib.not_applicable("there is no previous release") if input.previous.status == "absent"

else := lib.unknown(input.previous.reason) if input.previous.status == "unavailable"

else := lib.passed if {
	input.previous.status == "present"
	lib.all_good(input.facts.slos.slos, kept, has_slos)
}

else := result if {
	input.previous.status == "present"
	result := lib.none_of(lib.at_index(input.facts.slos.slos, kept, name_details, slos_path, ["name"]), has_slos)
}

else := lib.failed(slos_path, {})

kept contains index if {
	some index, slo in input.facts.slos.slos
	object.get(slo, "previous", "new") == "new"
}

kept contains index if {
	some index, slo in input.facts.slos.slos
	slo.thresholdMs <= slo.previous.thresholdMs
	slo.objectiveRatio >= slo.previous.objectiveRatio
}

kept contains index if {
	some index, slo in input.facts.slos.slos
	slo.kind in {"errors", "other"}
	slo.objectiveRatio >= slo.previous.objectiveRatio
}

name_details[index] := details if {
	some index, slo in input.facts.slos.slos
	details := {"name": slo.name}
}

stateless if input.facts.slos.block == "absent"

stateless if input.facts.slos.block == "not-applicable"

has_slos if count(input.facts.slos.slos) > 0
