package changegate.checks.content

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A model holds no layer of code
# description: "A Lambda layer of Keras is code that runs when the model is loaded; some operations of TensorFlow read and write files; a skops file may name functions of the system."
# custom:
#   severity: error
#   message: "The artifact {name} {found}."
#   remediation: "Write the layer as a class of the package that serves, or as operations of the framework, and export the model again."
#   settings: [content.hazardsFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.kind, input.release, input.facts.artifacts.artifacts.scan.status]
#   references: ["https://keras.io/api/layers/core_layers/lambda/", "https://www.tensorflow.org/api_docs/python/tf/py_function"]
#   example:
#     bad: "{path: model.keras}  # its config names a Lambda"
#     good: "{path: model.keras}  # layers of Keras alone"
outcome["content/layer-runs-code"] := lib.not_applicable(lib.low_tier) if {
	input.settings.content.hazardsFrom in risk.beyond
}

else := lib.not_applicable(names_alone) if none_seen

else := lib.not_applicable(not_all_read) if none_found_yet("layer")

else := lib.passed if lib.all_good(artifacts, free_of("layer"), looked_at(input.settings.content.hazardsFrom))

else := result if result := lib.none_of(found_of("layer"), looked_at(input.settings.content.hazardsFrom))

else := lib.failed(artifacts_path, {})
