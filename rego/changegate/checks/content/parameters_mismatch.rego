package changegate.checks.content

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The number of parameters is the one in the file
# description: "What a model needs of memory follows from its parameters. The header of a safetensors, GGUF or ONNX file, or of NumPy arrays, says how many there are."
# custom:
#   severity: error
#   message: "The artifact {name} has {found} parameters by its own header, and the manifest says {stated}."
#   remediation: "Write the number that the file has: `parameters: {found}`."
#   settings: [content.claimsFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.kind, input.release, input.facts.artifacts.artifacts.parameters.found]
#   references: ["https://huggingface.co/docs/safetensors/metadata_parsing"]
#   example:
#     bad: "parameters: 7000000000  # the header names 8030261248"
#     good: "parameters: 8030261248"
outcome["content/parameters-mismatch"] := lib.not_applicable(lib.low_tier) if {
	input.settings.content.claimsFrom in risk.beyond
}

else := lib.not_applicable("no file says how many parameters an artifact has for which the manifest says it") if none_counted

else := lib.passed if lib.all_good(artifacts, counted, looked_at(input.settings.content.claimsFrom))

else := result if {
	result := lib.none_of(lib.at_index(artifacts, counted, counts, artifacts_path, ["parameters"]), looked_at(input.settings.content.claimsFrom))
}

else := lib.failed(artifacts_path, {})

counted contains index if some index in uncounted

counted contains index if {
	some index, artifact in artifacts
	artifact.parameters.status == "equal"
}

uncounted contains index if {
	some index, artifact in artifacts
	artifact.parameters.status == "unknown"
}

uncounted contains index if {
	some index, artifact in artifacts
	artifact.kind == "hosted"
}

none_counted if {
	has_artifacts
	every index, _ in artifacts { index in uncounted }
}

counts[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name, "stated": artifact.parameters.stated, "found": artifact.parameters.found}
}
