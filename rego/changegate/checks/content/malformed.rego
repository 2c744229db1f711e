package changegate.checks.content

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A file is whole and means what its header says
# description: "Offsets that overlap or leave gaps, a header that lies, a name that stands there twice, a file that ends too early: two readers see two models in it, or one reads past its end."
# custom:
#   severity: error
#   message: "The artifact {name} {fault}."
#   remediation: "Write the file again with the library of its format, look whether it was fetched to its end, and commit that with its size and digest."
#   settings: [content.claimsFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.kind, input.release, input.facts.artifacts.artifacts.scan.fault]
#   references: ["https://huggingface.co/docs/safetensors/index#format", "https://github.com/ggml-org/ggml/blob/master/docs/gguf.md"]
#   example:
#     bad: "model.safetensors: its offsets leave 8 bytes that no tensor has"
#     good: "model.safetensors: its tensors cover the file"
outcome["content/malformed"] := lib.not_applicable(lib.low_tier) if {
	input.settings.content.claimsFrom in risk.beyond
}

else := lib.not_applicable(names_alone) if none_seen

else := lib.not_applicable(not_all_read) if {
	count(half_seen) > 0
	every index, _ in artifacts { index in whole }
}

else := lib.passed if lib.all_good(artifacts, whole, looked_at(input.settings.content.claimsFrom))

else := result if result := lib.none_of(told(whole, faults), looked_at(input.settings.content.claimsFrom))

else := lib.failed(artifacts_path, {})

whole contains index if {
	some index, artifact in artifacts
	artifact.scan.form in {"sound", "unknown"}
}

whole contains index if {
	some index, artifact in artifacts
	artifact.kind == "hosted"
}

faults[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name, "fault": artifact.scan.fault}
}
