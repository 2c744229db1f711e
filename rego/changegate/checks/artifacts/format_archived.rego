package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: An artifact is the file itself, not an archive of files
# description: "`format: safetensors` beside `model.tar.gz` says nothing of what else is in it. Names alone are looked at; no archive is opened."
# custom:
#   severity: error
#   message: "The artifact {name} is in an archive, which may hold anything: {formats} (by its name and `format`; nothing was opened)."
#   remediation: "Store the model's file as it is. Name that file in `uri` and `path`, and write its own size and digest into the manifest."
#   settings: [artifacts.formatFrom, artifacts.archiveFormats]
#   optional: [input.facts.artifacts.artifacts.name]
#   references: ["https://huggingface.co/docs/safetensors/index", "https://owasp.org/www-project-machine-learning-security-top-10/"]
#   example:
#     bad: "{uri: s3://models/fraud/2.4.0/model.tar.gz, format: safetensors}"
#     good: "{uri: s3://models/fraud/2.4.0/model.safetensors, format: safetensors}"
outcome["artifacts/format-archived"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.formatFrom in risk.beyond
}

else := lib.not_applicable(only_hosted) if all_hosted

else := lib.passed if lib.all_good(artifacts, plain_file, looked_at(input.settings.artifacts.formatFrom))

else := result if result := lib.none_of(lib.at_index(artifacts, plain_file, wrappings, artifacts_path, []), looked_at(input.settings.artifacts.formatFrom))

else := lib.failed(artifacts_path, {})

plain_file contains index if {
	archives := input.settings.artifacts.archiveFormats
	some index, artifact in artifacts
	is_file(artifact)
	is_array(artifact.formats)
	every format in artifact.formats { not format in archives }
}

plain_file contains index if some index in hosted

wrappings[index] := details if {
	some index, artifact in artifacts
	formats := [format | some format in artifact.formats; format in input.settings.artifacts.archiveFormats]
	details := {"name": artifact.name, "formats": formats}
}
