package changegate.checks.content

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: All of a file was looked through
# description: "A password, a compression that nobody here unpacks, or a file that is too long or broken: what is behind that, nobody has seen."
# custom:
#   severity: error
#   message: "Not all of the artifact {name} was looked through: {reason}."
#   remediation: "Commit the model in a form that can be looked through, such as safetensors; or have somebody look at it, and waive this for a time."
#   settings: [content.readFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.kind, input.release, input.facts.artifacts.artifacts.scan.reason]
#   references: ["https://docs.python.org/3/library/pickle.html"]
#   example:
#     bad: "{path: model.zip}  # with a password"
#     good: "{path: model.safetensors}"
outcome["content/not-looked-through"] := lib.not_applicable(lib.low_tier) if {
	input.settings.content.readFrom in risk.beyond
}

else := lib.not_applicable(names_alone) if none_seen

else := lib.passed if lib.all_good(artifacts, read_through, looked_at(input.settings.content.readFrom))

else := result if result := lib.none_of(told(read_through, reasons), looked_at(input.settings.content.readFrom))

else := lib.failed(artifacts_path, {})

read_through contains index if {
	some index, artifact in artifacts
	artifact.scan.status == "complete"
}

read_through contains index if some index in unseen

reasons[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name, "reason": artifact.scan.reason}
}
