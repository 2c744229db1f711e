package changegate.checks.content

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The format is one that this tier may have
# description: "A repository may list the formats of each tier. The format that is stated counts, or else what the file's names say; and what the bytes are where they are here."
# custom:
#   severity: error
#   message: "The artifact {name} is of the format {formats}, which this tier may not have ({allowedFormats})."
#   remediation: "Convert it to one of {allowedFormats}; or have the format added to `content.allowedFormats` for this tier."
#   settings: [content.allowedFormats]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.kind]
#   references: ["https://huggingface.co/docs/safetensors/index"]
#   example:
#     bad: "{format: onnx}  # and allowedFormats: {high: [safetensors]}"
#     good: "{format: safetensors}"
outcome["content/format-not-allowed"] := lib.not_applicable("any format is allowed") if {
	"*" in allowed
}

else := lib.passed if lib.all_good(artifacts, allowed_format, has_artifacts)

else := result if {
	result := lib.none_of(lib.at_index(artifacts, allowed_format, strangers, artifacts_path, ["format"]), has_artifacts)
}

else := lib.failed(artifacts_path, {})

allowed := input.settings.content.allowedFormats[risk.tier]

allowed_format contains index if {
	some index, artifact in artifacts
	count(artifact.judgedFormats) > 0
	every format in artifact.judgedFormats { format in allowed }
}

allowed_format contains index if {
	some index, artifact in artifacts
	artifact.kind == "hosted"
}

strangers[index] := details if {
	some index, artifact in artifacts
	formats := [format | some format in artifact.judgedFormats; not format in allowed]
	details := {"name": artifact.name, "formats": formats, "allowedFormats": allowed}
}
