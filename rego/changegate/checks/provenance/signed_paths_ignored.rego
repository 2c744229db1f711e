package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: Nothing was left out of the signature
# description: "A path that was ignored when the model was signed may hold anything later, and the signature still fits. Git's own files and the signature itself are no such paths."
# custom:
#   severity: warning
#   message: "The {what} was made without looking at {paths}: what is there may be exchanged."
#   remediation: "Sign without `--ignore-paths`, or move what is not the model out of its folder."
#   settings: [provenance.attestationSoundFrom, provenance.verifiedFrom]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.what, input.facts.provenance.covers, input.facts.provenance.signed.covers, input.settings.provenance.verifiedFrom]
#   references: ["https://github.com/sigstore/model-transparency/blob/main/docs/model_signing_format.md", "docs/signers.md"]
#   example:
#     bad: "model_signing sign … --ignore-paths weights/"
#     good: "model_signing sign …"
outcome["provenance/signed-paths-ignored"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(models_of_low_tier) if models_spared

else := lib.not_applicable(no_model_signed) if no_signed_model

else := {"outcome": "failed", "violations": ignored_paths} if count(ignored_paths) > 0

else := lib.passed if {
	looked_at_models
	every one in signed_models { one.model.ignored == [] }
}

else := lib.failed(block_path, {})

ignored_paths := listed_of("ignored", "paths")
