package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: An artifact states its size
# description: Size decides memory, cold start and what a device can download; a jump in it is the first sign of a wrong file.
# custom:
#   severity: error
#   message: "The artifact {name} states no size."
#   remediation: "Add it, in bytes, such as `sizeBytes: 48210944`; `stat -c %s FILE` prints it, and a Git LFS pointer holds it."
#   settings: [artifacts.sizeFrom]
#   optional: [input.facts.artifacts.artifacts.name]
#   references: ["https://github.com/opencontainers/image-spec/blob/main/descriptor.md"]
#   example:
#     bad: "{name: model, role: model, uri: s3://models/fraud/2.4.0/model.safetensors}"
#     good: "{name: model, role: model, uri: s3://models/fraud/2.4.0/model.safetensors, sizeBytes: 48210944}"
outcome["artifacts/size-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.sizeFrom in risk.beyond
}

else := lib.not_applicable(only_hosted) if all_hosted

else := lib.passed if lib.all_good(artifacts, sized, looked_at(input.settings.artifacts.sizeFrom))

else := result if result := lib.none_of(lib.at_index(artifacts, sized, names, artifacts_path, ["sizeBytes"]), looked_at(input.settings.artifacts.sizeFrom))

else := lib.failed(artifacts_path, {})

sized contains index if {
	some index, artifact in artifacts
	artifact.size.stated == true
	is_file(artifact)
}

sized contains index if some index in hosted
