package changegate.checks.content

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Weights beside a model are in its folder
# description: "An ONNX model may keep its weights in files beside it. A name that leads out of the folder reads any file of the machine that serves."
# custom:
#   severity: error
#   message: "The artifact {name} {found}."
#   remediation: "Export the model with its weights in files of its own folder, such as `model.onnx.data`."
#   settings: [content.hazardsFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.kind, input.release, input.facts.artifacts.artifacts.scan.status]
#   references: ["https://onnx.ai/onnx/repo-docs/ExternalData.html"]
#   example:
#     bad: "external_data: location = ../../etc/passwd"
#     good: "external_data: location = model.onnx.data"
outcome["content/external-data-outside"] := lib.not_applicable(lib.low_tier) if {
	input.settings.content.hazardsFrom in risk.beyond
}

else := lib.not_applicable(names_alone) if none_seen

else := lib.not_applicable(not_all_read) if none_found_yet("external-data")

else := lib.passed if lib.all_good(artifacts, free_of("external-data"), looked_at(input.settings.content.hazardsFrom))

else := result if result := lib.none_of(found_of("external-data"), looked_at(input.settings.content.hazardsFrom))

else := lib.failed(artifacts_path, {})
