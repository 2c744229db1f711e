package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: An artifact does not grow by leaps
# description: A file that is suddenly several times as large is often the wrong one, and is slower and dearer if it is not.
# custom:
#   severity: warning
#   message: "The artifact {name} is {growthRatio} times as large as in the previous release; this tier allows {maximumRatio}."
#   remediation: "Look whether it is the right file, and say in the pull request why it grew. This is advice: it closes nothing."
#   settings: [artifacts.sizeFrom, artifacts.maximumGrowthRatio, artifacts.minimumGrowthBytes]
#   optional: [input.facts.artifacts.artifacts.name]
#   references: ["https://sre.google/sre-book/release-engineering/"]
#   example:
#     bad: "sizeBytes: 482109440  # it was 48210944"
#     good: "sizeBytes: 50331648  # it was 48210944"
outcome["artifacts/grew-too-much"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.sizeFrom in risk.beyond
}

else := lib.not_applicable(only_hosted) if all_hosted

else := lib.not_applicable("there is no previous release") if input.previous.status == "absent"

else := lib.unknown(input.previous.reason) if input.previous.status == "unavailable"

else := lib.passed if {
	input.previous.status == "present"
	lib.all_good(artifacts, steady, looked_at(input.settings.artifacts.sizeFrom))
}

else := result if {
	input.previous.status == "present"
	leaps := {lib.beside_previous(one) | some one in lib.at_index(artifacts, steady, growths, artifacts_path, ["sizeBytes"])}
	result := lib.none_of(leaps, looked_at(input.settings.artifacts.sizeFrom))
}

else := lib.failed(artifacts_path, {})

steady contains index if {
	some index, artifact in artifacts
	artifact.growth.status == "sized"
	artifact.size.bytes >= input.settings.artifacts.minimumGrowthBytes
	artifact.growth.growthRatio <= input.settings.artifacts.maximumGrowthRatio[risk.tier]
	is_file(artifact)
}

steady contains index if {
	some index, artifact in artifacts
	artifact.growth.status == "sized"
	artifact.size.bytes < input.settings.artifacts.minimumGrowthBytes
	is_file(artifact)
}

steady contains index if {
	some index, artifact in artifacts
	artifact.growth.status in {"new", "unsized"}
	is_file(artifact)
}

steady contains index if some index in hosted

growths[index] := details if {
	some index, artifact in artifacts
	maximum := input.settings.artifacts.maximumGrowthRatio[risk.tier]
	details := {"name": artifact.name, "growthRatio": artifact.growth.growthRatio, "maximumRatio": maximum}
}
