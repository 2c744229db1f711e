package changegate.checks.content

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: What a pickle calls is known to be harmless
# description: "A pickle may call any function that is installed. Those of the scanner's own list are harmless; somebody has to vouch for every other one. Asked of releases that may be pickles at all."
# custom:
#   severity: error
#   message: "The artifact {name} calls {calls}, and nobody has said that this does no harm."
#   remediation: "Convert it, for example to safetensors, ONNX or skops; or add the names to `content.trustedPickleNames` in the settings, once somebody has looked what they do."
#   settings: [content.readFrom, content.trustedPickleNames]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.kind, input.release, input.facts.artifacts.artifacts.scan.status]
#   references: ["https://docs.python.org/3/library/pickle.html", "https://skops.readthedocs.io/en/stable/persistence.html"]
#   example:
#     bad: "trustedPickleNames: []  # and the pickle calls sklearn.pipeline.Pipeline"
#     good: "trustedPickleNames: [sklearn.pipeline.Pipeline]"
outcome["content/pickle-unproven"] := lib.not_applicable(lib.low_tier) if {
	input.settings.content.readFrom in risk.beyond
}

else := lib.not_applicable(names_alone) if none_seen

else := lib.passed if lib.all_good(artifacts, proven, looked_at(input.settings.content.readFrom))

else := result if result := lib.none_of(told(proven, calls), looked_at(input.settings.content.readFrom))

else := lib.failed(artifacts_path, {})

proven contains index if {
	trusted := input.settings.content.trustedPickleNames
	some index, artifact in artifacts
	is_array(artifact.scan.names)
	every name in artifact.scan.names { name in trusted }
}

proven contains index if some index in unseen

calls[index] := details if {
	some index, artifact in artifacts
	found := [name | some name in artifact.scan.names; not name in input.settings.content.trustedPickleNames]
	details := {"name": artifact.name, "calls": found}
}
