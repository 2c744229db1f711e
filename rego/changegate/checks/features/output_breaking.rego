package changegate.checks.features

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Outputs do not break their callers under the same major version
# description: Whoever calls the model reads its outputs by name, type, unit and scale, expects a value, and learns from the major version that these changed.
# custom:
#   severity: error
#   message: "The output {name} breaks its readers. In the previous release: {before}; now: {after}. The major version did not rise."
#   remediation: "Keep the output as it was, beside the new one if need be; or raise the major version of `spec.version`, and let its rollback lead to the version of now."
#   settings: [features.outputsFrom, features.minimumOutputSpanRatio]
#   optional: [input.facts.features.outputs.majorRose, input.change, input.release, input.previous.release, input.settings.features.minimumOutputSpanRatio]
#   references: ["https://semver.org/#spec-item-8"]
#   example:
#     bad: "version: 2.4.0 with outputs: [{name: probability, dtype: float32}]  # in 2.3.1 it was called score"
#     good: "version: 3.0.0 with outputs: [{name: probability, dtype: float32}]"
outcome["features/output-breaking"] := lib.not_applicable(lib.low_tier) if {
	input.settings.features.outputsFrom in risk.beyond
}

else := lib.not_applicable("there is no previous release") if input.previous.status == "absent"

else := lib.unknown(input.previous.reason) if input.previous.status == "unavailable"

else := lib.not_applicable("the release goes back to the version that the previous one names for it") if {
	input.change.operation == "rollback"
	input.release.spec.version == input.previous.release.spec.rollout.rollback.to
}

else := lib.passed if {
	input.settings.features.outputsFrom in lib.tiers
	input.previous.status == "present"
	input.facts.features.outputs.majorRose == true
}

else := result if {
	input.settings.features.outputsFrom in lib.tiers
	input.previous.status == "present"
	result := lib.none_of(broken_outputs, outputs_compared)
}

else := lib.failed(features_path, {})

features_path := ["spec", "features"]

outputs_compared if count(input.facts.features.outputs.changes) >= 0

broken_outputs contains violation if {
	some index, change in input.facts.features.outputs.changes
	not index in harmless
	details := {
		"name": object.get(change, "name", ""),
		"before": object.get(change, "before", ""), "after": object.get(change, "after", "gone"),
	}
	violation := lib.finding_of(change, details, features_path)
}

# METADATA
# description: A narrower range of the same scale. Whatever is not known to be that breaks.
harmless contains index if {
	some index, change in input.facts.features.outputs.changes
	change.of == "range"
	change.within == true
	change.spanRatio >= input.settings.features.minimumOutputSpanRatio
}
