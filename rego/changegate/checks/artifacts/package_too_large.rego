package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A package is not too large for what it is delivered to
# description: A device downloads the whole package and a function unpacks it, with the runtime and everything else beside the artifacts.
# custom:
#   severity: error
#   message: "The package has {packageBytes}; this platform allows at most {maximumBytes}."
#   remediation: "Leave out of the package what does not belong into it, or quantize the artifacts; or have the limit raised for this model in the settings (`artifacts.maximumPlatformBytes`)."
#   settings: [artifacts.sizeFrom, artifacts.maximumPlatformBytes]
#   references: ["https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"]
#   example:
#     bad: "serving: {platform: edge, packageBytes: 524288000}"
#     good: "serving: {platform: edge, packageBytes: 9000000}"
outcome["artifacts/package-too-large"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.sizeFrom in risk.beyond
}

else := lib.not_applicable("the manifest states no size of a package") if input.facts.artifacts.package.status == "not-stated"

else := lib.not_applicable("the manifest names no platform") if input.facts.artifacts.package.status == "no-platform"

else := lib.passed if {
	input.settings.artifacts.sizeFrom in lib.tiers
	input.facts.artifacts.package.status == "stated"
	input.facts.artifacts.package.bytes <= input.settings.artifacts.maximumPlatformBytes[input.release.spec.serving.platform]
}

else := lib.failed(package_path, {"packageBytes": bytes, "maximumBytes": limit}) if {
	bytes := input.facts.artifacts.package.bytes
	limit := input.settings.artifacts.maximumPlatformBytes[input.release.spec.serving.platform]
}

else := lib.failed(package_path, {})

package_path := ["spec", "serving", "packageBytes"]
