package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: Each name was signed once
# description: "Of two resources of one name nobody can say which one was meant, and tools take different ones."
# custom:
#   severity: error
#   message: "The {what} has more than one resource called {names}."
#   remediation: "Sign the model again with the tool, which writes each file once."
#   settings: [provenance.attestationSoundFrom, provenance.verifiedFrom]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.what, input.facts.provenance.covers, input.facts.provenance.signed.covers, input.settings.provenance.verifiedFrom]
#   references: ["https://github.com/sigstore/model-transparency/blob/main/docs/model_signing_format.md", "docs/signers.md"]
#   example:
#     bad: "{\"resources\": [{\"name\": \"model.safetensors\", …}, {\"name\": \"model.safetensors\", …}]}"
#     good: "{\"resources\": [{\"name\": \"model.safetensors\", …}]}"
outcome["provenance/signed-twice"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(models_of_low_tier) if models_spared

else := lib.not_applicable(no_model_signed) if no_signed_model

else := {"outcome": "failed", "violations": signed_twice} if count(signed_twice) > 0

else := lib.passed if {
	looked_at_models
	every one in signed_models { one.model.duplicates == [] }
}

else := lib.failed(block_path, {})

signed_twice := listed_of("duplicates", "names")
