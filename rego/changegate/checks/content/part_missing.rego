package changegate.checks.content

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A model has all of its parts
# description: "An index of weights, an ONNX model with weights beside it, or the number in a part's name says what belongs to the model. Without one of them it does not load, or loads half."
# custom:
#   severity: error
#   message: "The artifact {name} lacks parts that it names: {missing}."
#   remediation: "Commit these files too, or their Git LFS pointers or .dvc files; or write the index again if they do not belong to it."
#   settings: [content.claimsFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.kind, input.release, input.facts.artifacts.artifacts.parts.reason]
#   references: ["https://huggingface.co/docs/safetensors/index", "https://onnx.ai/onnx/repo-docs/ExternalData.html"]
#   example:
#     bad: "model-00001-of-00002.safetensors alone"
#     good: "model-00001-of-00002.safetensors and model-00002-of-00002.safetensors"
outcome["content/part-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.content.claimsFrom in risk.beyond
}

else := lib.not_applicable(one_file_each) if none_divided

else := lib.passed if lib.all_good(artifacts, complete, looked_at(input.settings.content.claimsFrom))

else := result if result := lib.none_of(told(complete, gaps), looked_at(input.settings.content.claimsFrom))

else := lib.failed(artifacts_path, {})

one_file_each := "no artifact here is in parts"

none_divided if {
	has_artifacts
	every index, _ in artifacts { index in undivided }
}

undivided contains index if {
	some index, artifact in artifacts
	artifact.parts.status == "none"
}

undivided contains index if {
	some index, artifact in artifacts
	artifact.kind == "hosted"
}

complete contains index if some index in undivided

complete contains index if {
	some index, artifact in artifacts
	artifact.parts.status == "known"
	count(artifact.parts.missing) == 0
}

gaps[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name, "missing": gap(artifact.parts)}
}

gap(parts) := parts.reason if parts.status == "broken"

else := parts.missing
