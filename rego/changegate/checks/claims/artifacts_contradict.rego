package changegate.checks.claims

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: An artifact is one thing
# description: A model behind an API is no file, a file of one format is not called after another, and no parameter takes less than a bit. Which of the two was measured, and which one runs, cannot be told.
# custom:
#   severity: error
#   message: "{claim} and {against} cannot both be true: {why}."
#   remediation: "{mend}"
#   settings: [claims.contradictionsFrom, claims.accepted]
#   optional: [input.settings.claims]
#   references: ["https://huggingface.co/docs/safetensors/index#format"]
#   example:
#     bad: "{name: large, role: base-model, hosted: {provider: acme, model: large}, uri: s3://models/large/model.safetensors}"
#     good: "{name: large, role: base-model, hosted: {provider: acme, model: large, snapshot: large-2026-08-01}}"
outcome["claims/artifacts-contradict"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := result if result := lib.none_of(excluded(input.facts.claims.artifacts, artifacts_words), looked_at(input.facts.claims.artifacts))

else := lib.failed(["spec", "artifacts"], {})

artifacts_words["hosted-with-file"] := {
	"why": "a model behind an API is no file that is deployed",
	"mend": "Take `uri`, `path`, `digest`, `sizeBytes` and `format` of that artifact out; if it is a file, take `hosted` out.",
}

artifacts_words["format-of-another-name"] := {
	"why": "the file's name says another format",
	"mend": "Write the format that the file has, or the address of the file that is meant.",
}

artifacts_words["more-parameters-than-bits"] := {
	"why": "a file holds at least a bit of each parameter",
	"mend": "Write the size of the whole file in bytes (`stat -c %s FILE` prints it), and how many parameters it has.",
}
