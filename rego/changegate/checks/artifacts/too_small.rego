package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: An artifact is as large as its format needs
# description: A file smaller than an empty one of its format is a page, an error or a placeholder, wherever it is kept. One without any content is told by artifacts/empty.
# custom:
#   severity: error
#   message: "The artifact {name} has {sizeBytes}, and a file of {format} has at least {minimumBytes}."
#   remediation: "Look at what was uploaded. Upload the artifact again, and write its size and digest into the manifest; or state the `format` that it has."
#   settings: [artifacts.sizeFrom, artifacts.minimumFormatBytes]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.nothing, input.facts.artifacts.artifacts.formats, input.settings.artifacts.minimumFormatBytes]
#   references: ["https://huggingface.co/docs/safetensors/index#format"]
#   example:
#     bad: "{format: safetensors, sizeBytes: 37}"
#     good: "{format: safetensors, sizeBytes: 48210944}"
outcome["artifacts/too-small"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.sizeFrom in risk.beyond
}

else := lib.not_applicable(only_hosted) if all_hosted

else := lib.passed if lib.all_good(artifacts, large_enough, looked_at(input.settings.artifacts.sizeFrom))

else := result if result := lib.none_of(stunted, looked_at(input.settings.artifacts.sizeFrom))

else := lib.failed(artifacts_path, {})

large_enough contains index if {
	some index, artifact in artifacts
	is_file(artifact)
	artifact.size.known == true
	every format in artifact.formats { at_least(artifact, format) }
}

large_enough contains index if {
	some index, artifact in artifacts
	is_file(artifact)
	artifact.size.known == false
}

large_enough contains index if {
	some index, artifact in artifacts
	is_file(artifact)
	count(artifact.nothing) > 0
}

large_enough contains index if some index in hosted

at_least(artifact, format) if artifact.size.bytes >= object.get(input.settings.artifacts.minimumFormatBytes, format, 0)

stunted contains lib.finding(array.concat(artifacts_path, [index, "sizeBytes"]), details) if {
	some index, _ in artifacts
	not index in large_enough
	details := object.get(shortfalls, index, {})
}

shortfalls[index] := details if {
	some index, artifact in artifacts
	formats := [format | some format in artifact.formats; not at_least(artifact, format)]
	details := {
		"name": artifact.name, "format": formats[0], "sizeBytes": artifact.size.bytes,
		"minimumBytes": input.settings.artifacts.minimumFormatBytes[formats[0]],
	}
}
