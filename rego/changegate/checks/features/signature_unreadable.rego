package changegate.checks.features

import data.changegate.lib

# METADATA
# title: The signature that a release names can be read
# description: What a model was made with is known from the file that its training wrote, or not at all.
# custom:
#   severity: error
#   message: "The signature of {model} cannot be read: {reason}."
#   remediation: "Write the path of the file that the training wrote (`MLmodel`, a graph of ONNX, `schema.pbtxt`), from the repository's root, into `features.signature`; and commit the file as it is."
#   settings: [features.contractsFrom]
#   optional: [input.facts.features.signature.reason, input.facts.features.signature.place]
#   references: ["https://mlflow.org/docs/latest/ml/model/signatures/"]
#   example:
#     bad: "signature: {path: MLmodel}  # no such file"
#     good: "signature: {path: models/fraud/MLmodel}"
outcome["features/signature-unreadable"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(no_signature) if input.facts.features.signature.status == "none"

else := lib.passed if {
	input.settings.features.contractsFrom in lib.tiers
	input.facts.features.signature.status == "present"
}

else := result if {
	details := {"reason": input.facts.features.signature.reason}
	result := lib.failed_of(input.facts.features.signature, details, signature_path)
}

else := lib.failed(signature_path, {})

signature_path := ["spec", "features", "signature"]

no_signature := "nothing says what the model was made with"
