package changegate.checks.content

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: No part of a model is left out of its index
# description: "A part that stands beside the others and that the index does not name is of another model, or the index is an old one."
# custom:
#   severity: error
#   message: "Beside the parts of the artifact {name} stand others that its index does not name: {unlisted}."
#   remediation: "Remove these files, or write the index again with them."
#   settings: [content.claimsFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.kind, input.release]
#   references: ["https://huggingface.co/docs/safetensors/index"]
#   example:
#     bad: "model-00003-of-00003.safetensors, which the index of two does not name"
#     good: "the parts that the index names, and no others"
outcome["content/part-unlisted"] := lib.not_applicable(lib.low_tier) if {
	input.settings.content.claimsFrom in risk.beyond
}

else := lib.not_applicable(one_file_each) if none_divided

else := lib.passed if lib.all_good(artifacts, named_whole, looked_at(input.settings.content.claimsFrom))

else := result if result := lib.none_of(told(named_whole, others), looked_at(input.settings.content.claimsFrom))

else := lib.failed(artifacts_path, {})

named_whole contains index if some index in undivided

named_whole contains index if {
	some index, artifact in artifacts
	artifact.parts.status in {"known", "broken"}
	count(artifact.parts.unlisted) == 0
}

others[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name, "unlisted": artifact.parts.unlisted}
}
