package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A file in the repository begins as its format does
# description: A login page, an error, or half a file in the model's place. Only how the file begins is looked at, and of safetensors its header; nothing is loaded.
# custom:
#   severity: error
#   message: "The artifact {name} is not what it is called: {reason}."
#   remediation: "Get the artifact again (look at the answer, not only at its status), commit that file or its Git LFS pointer, write its size and digest into the manifest, and state the `format` that it has."
#   settings: [artifacts.mismatchFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.stored.kind, input.facts.artifacts.artifacts.stored.reason]
#   references: ["https://huggingface.co/docs/safetensors/index#format", "https://github.com/ggml-org/ggml/blob/master/docs/gguf.md"]
#   example:
#     bad: "{path: models/fraud/model.safetensors, format: safetensors}  # the file begins with <!DOCTYPE html>"
#     good: "{path: models/fraud/model.safetensors, format: safetensors}  # the file begins with the header of safetensors"
outcome["artifacts/not-a-model"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.mismatchFrom in risk.beyond
}

else := lib.not_applicable(elsewhere) if none_stored

else := lib.not_applicable(unopened) if none_opened

else := lib.passed if lib.all_good(artifacts, plausible, looked_at(input.settings.artifacts.mismatchFrom))

else := result if result := lib.none_of(lib.at_index(artifacts, plausible, impostors, artifacts_path, ["path"]), looked_at(input.settings.artifacts.mismatchFrom))

else := lib.failed(artifacts_path, {})

unopened := "no file was opened: names, sizes and digests alone were looked at"

none_opened if {
	has_artifacts
	every index, _ in artifacts { index in shut }
}

shut contains index if some index in not_stored

shut contains index if {
	some index, artifact in artifacts
	artifact.stored.content.status == "unseen"
}

shut contains index if some index in elsewhere_told

elsewhere_told contains index if {
	some index, artifact in artifacts
	artifact.stored.status in {"absent", "invalid"}
}

plausible contains index if some index in shut

plausible contains index if {
	some index, artifact in artifacts
	artifact.kind == "path"
	artifact.stored.content.status == "fits"
}

impostors[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name, "reason": artifact.stored.content.reason}
}
