package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The format, by its name, is none that can run code
# description: "Loading a pickle runs whatever its author wrote into it; a format of plain tensors runs nothing. The file's name and `format` count, and its bytes where they are a pickle under another name."
# custom:
#   severity: error
#   message: "The artifact {name} is in a format that may run code when it is loaded: {formats} (by its name, its `format`, or what its bytes are)."
#   remediation: "Convert it, for example to safetensors, ONNX or GGUF, and state `format: safetensors`."
#   settings: [artifacts.formatFrom, artifacts.unsafeFormats]
#   optional: [input.facts.artifacts.artifacts.name]
#   references: ["https://docs.python.org/3/library/pickle.html", "https://huggingface.co/docs/safetensors/index", "https://keras.io/api/models/model_saving_apis/model_saving_and_loading/"]
#   example:
#     bad: "{uri: s3://models/fraud/2.4.0/model.pkl, format: pickle}"
#     good: "{uri: s3://models/fraud/2.4.0/model.safetensors, format: safetensors}"
outcome["artifacts/format-unsafe"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.formatFrom in risk.beyond
}

else := lib.not_applicable(only_hosted) if all_hosted

else := lib.passed if lib.all_good(artifacts, safe, looked_at(input.settings.artifacts.formatFrom))

else := result if result := lib.none_of(lib.at_index(artifacts, safe, dangers, artifacts_path, ["format"]), looked_at(input.settings.artifacts.formatFrom))

else := lib.failed(artifacts_path, {})

safe contains index if {
	unsafe := input.settings.artifacts.unsafeFormats
	some index, artifact in artifacts
	is_file(artifact)
	count(artifact.formats) > 0
	every format in artifact.formats { not format in unsafe }
}

safe contains index if some index in hosted

dangers[index] := details if {
	some index, artifact in artifacts
	count(artifact.formats) == 0
	details := {"name": artifact.name, "formats": ["not stated"]}
}

dangers[index] := details if {
	some index, artifact in artifacts
	count(artifact.formats) > 0
	formats := [format | some format in artifact.formats; format in input.settings.artifacts.unsafeFormats]
	details := {"name": artifact.name, "formats": formats}
}
