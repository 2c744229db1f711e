package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: Artifacts are what was signed under their names
# description: "Where a file of that name was signed with another digest, the file was exchanged or edited after that, or two were swapped."
# custom:
#   severity: error
#   message: "Other bytes were signed under the name {name} than the artifact {artifact} has."
#   remediation: "Take the file that was signed; or where this one is right, sign it, and name that signature."
#   settings: [provenance.attestationSoundFrom, provenance.verifiedFrom]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.what, input.facts.provenance.covers, input.facts.provenance.signed.covers, input.settings.provenance.verifiedFrom]
#   references: ["https://github.com/sigstore/model-transparency/blob/main/docs/model_signing_format.md", "docs/signers.md"]
#   example:
#     bad: "digest: sha256:0000…  # the signature has model.safetensors with sha256:9f86…"
#     good: "digest: sha256:9f86…"
outcome["provenance/artifact-altered"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(models_of_low_tier) if models_spared

else := lib.not_applicable(no_model_signed) if no_signed_model

else := {"outcome": "failed", "violations": altered_artifacts} if count(altered_artifacts) > 0

else := lib.passed if {
	looked_at_models
	every one in signed_models { one.model.altered == [] }
}

else := lib.failed(block_path, {})

altered_artifacts := {violation |
	some one in signed_models
	some file in one.model.altered
	violation := lib.finding_of(one, object.filter(file, ["artifact", "name"]), block_path)
}
