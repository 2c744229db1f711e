package changegate.checks.content

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A pickle calls nothing that can do harm
# description: "A pickle is a program that runs when it is loaded. It is looked through and never loaded, in any wrapping: PyTorch, joblib, NumPy objects, gzip, zlib, bzip2, xz, tar and zip."
# custom:
#   severity: error
#   message: "The artifact {name} does harm when it is loaded, or may: it {found}."
#   remediation: "Do not load it. Find out who wrote it, train or export the model again to safetensors, ONNX or GGUF, commit that file or its Git LFS pointer, and state its `format`."
#   settings: [content.hazardsFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.kind, input.release, input.facts.artifacts.artifacts.scan.status]
#   references: ["https://docs.python.org/3/library/pickle.html", "https://github.com/promptfoo/modelaudit"]
#   example:
#     bad: "{path: model.pkl, format: pickle}  # it calls posix.system"
#     good: "{path: model.safetensors, format: safetensors}"
outcome["content/pickle-runs-code"] := lib.not_applicable(lib.low_tier) if {
	input.settings.content.hazardsFrom in risk.beyond
}

else := lib.not_applicable(names_alone) if none_seen

else := lib.not_applicable(not_all_read) if none_found_yet("pickle")

else := lib.passed if lib.all_good(artifacts, free_of("pickle"), looked_at(input.settings.content.hazardsFrom))

else := result if result := lib.none_of(found_of("pickle"), looked_at(input.settings.content.hazardsFrom))

else := lib.failed(artifacts_path, {})
