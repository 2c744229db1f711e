package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: What was signed agrees with itself
# description: "A statement on a model has one subject, whose digest is that over all resources in their order, and resources with names inside the model. One that does not was written by no tool, or edited and signed again."
# custom:
#   severity: error
#   message: "The {what} contradicts itself: {fault}."
#   remediation: "Sign the model again with the tool, and commit the bundle as it wrote it."
#   settings: [provenance.attestationSoundFrom, provenance.verifiedFrom]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.what, input.facts.provenance.signed.model.fault, input.facts.provenance.covers, input.facts.provenance.signed.covers, input.settings.provenance.verifiedFrom]
#   references: ["https://github.com/sigstore/model-transparency/blob/main/docs/model_signing_format.md", "docs/signers.md"]
#   example:
#     bad: "{\"subject\": [{\"digest\": {\"sha256\": \"0000…\"}}], \"predicate\": {\"resources\": […]}}"
#     good: "{\"subject\": [{\"digest\": {\"sha256\": \"<over all resources>\"}}], …}"
outcome["provenance/signature-inconsistent"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(models_of_low_tier) if models_spared

else := lib.not_applicable(no_model_signed) if no_signed_model

else := {"outcome": "failed", "violations": inconsistent_models} if count(inconsistent_models) > 0

else := lib.passed if {
	looked_at_models
}

else := lib.failed(block_path, {})

inconsistent_models := {violation |
	some one in signed_models
	violation := lib.finding_of(one, object.union({"fault": one.model.fault}, object.filter(one, ["what"])), block_path)
}
