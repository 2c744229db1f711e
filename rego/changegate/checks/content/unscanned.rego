package changegate.checks.content

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A format that can run code is looked into
# description: "A repository may allow pickles and the like. Where the bytes are not in the repository and were not handed in, nobody has looked into this one: only its name is known."
# custom:
#   severity: warning
#   message: "Nobody looked into the artifact {name}, whose format ({formats}) may run code when it is loaded: {reason}."
#   remediation: "Hand it in (`changegate check --evidence DIR`, where it is found by its `sha256`), commit the file itself, or convert it to a format that runs nothing."
#   settings: [content.readFrom, content.executableFormats, artifacts.unsafeFormats]
#   optional: [input.settings.artifacts, input.settings.artifacts.unsafeFormats, input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.kind, input.release, input.facts.artifacts.artifacts.scan.reason]
#   references: ["https://docs.python.org/3/library/pickle.html"]
#   example:
#     bad: "{uri: s3://models/model.pkl}  # and `unsafeFormats` allows pickles"
#     good: "changegate check --evidence handed-in/  # with model.pkl in it"
outcome["content/unscanned"] := lib.not_applicable(lib.low_tier) if {
	input.settings.content.readFrom in risk.beyond
}

else := lib.passed if lib.all_good(artifacts, opened_or_inert, looked_at(input.settings.content.readFrom))

else := result if result := lib.none_of(told(opened_or_inert, unopened), looked_at(input.settings.content.readFrom))

else := lib.failed(artifacts_path, {})

opened_or_inert contains index if {
	some index, artifact in artifacts
	artifact.scan.status in {"complete", "incomplete"}
}

opened_or_inert contains index if {
	some index, artifact in artifacts
	artifact.kind == "hosted"
}

# METADATA
# description: What artifacts/format-unsafe refuses need not be looked into, and what runs no code either.
opened_or_inert contains index if {
	executable := input.settings.content.executableFormats
	some index, artifact in artifacts
	artifact.scan.status == "unseen"
	is_array(artifact.formats)
	every format in artifact.formats { not format in executable }
}

opened_or_inert contains index if {
	some index, artifact in artifacts
	some format in artifact.formats
	format in input.settings.artifacts.unsafeFormats
}

unopened[index] := details if {
	some index, artifact in artifacts
	formats := [format | some format in artifact.formats; format in input.settings.content.executableFormats]
	details := {"name": artifact.name, "formats": formats, "reason": artifact.scan.reason}
}
