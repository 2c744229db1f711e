package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: An artifact is not too large
# description: A device or a function has a limit on what it is given, and a download that does not end is an outage.
# custom:
#   severity: error
#   message: "The artifact {name} has {sizeBytes}; this tier and platform allow at most {maximumBytes}."
#   remediation: "Quantize, prune or distil it. Or have the limit raised for this model under `overrides` in .changegate/config.yaml, in a pull request before this one."
#   settings: [artifacts.sizeFrom, artifacts.maximumBytes, artifacts.maximumPlatformBytes]
#   optional: [input.facts.artifacts.artifacts.name, input.release]
#   references: ["https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"]
#   example:
#     bad: "{format: tflite, sizeBytes: 524288000}  # on platform: edge"
#     good: "{format: tflite, sizeBytes: 6291456}"
outcome["artifacts/too-large"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.sizeFrom in risk.beyond
}

else := lib.not_applicable(only_hosted) if all_hosted

else := lib.passed if lib.all_good(artifacts, small, looked_at(input.settings.artifacts.sizeFrom))

else := result if result := lib.none_of(lib.at_index(artifacts, small, sizes, artifacts_path, ["sizeBytes"]), looked_at(input.settings.artifacts.sizeFrom))

else := lib.failed(artifacts_path, {})

small contains index if {
	some index, artifact in artifacts
	artifact.size.known == true
	artifact.size.bytes <= tier_limit
	artifact.size.bytes <= platform_limit
	is_file(artifact)
}

small contains index if some index in unsized

small contains index if some index in hosted

sizes[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name, "sizeBytes": artifact.size.bytes, "maximumBytes": least_limit}
}

tier_limit := input.settings.artifacts.maximumBytes[risk.tier]

platform_limit := tier_limit if not input.release.spec.serving.platform

else := input.settings.artifacts.maximumPlatformBytes[input.release.spec.serving.platform]

least_limit := tier_limit if tier_limit <= platform_limit

else := platform_limit

unsized contains index if {
	some index, artifact in artifacts
	artifact.size.known == false
	is_file(artifact)
}
