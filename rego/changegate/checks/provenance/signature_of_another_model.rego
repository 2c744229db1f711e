package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: The signature is of this model
# description: "A signature of another model is a real signature, by the right key, and says nothing of this one: what was signed is held against the digests that the manifest declares."
# custom:
#   severity: error
#   message: "The {what} is of another model: none of what was signed has the digest of an artifact of this release."
#   remediation: "Name the signature of these artifacts, or sign them: `predicate.resources` has the digest of each file; `jq -r .dsseEnvelope.payload FILE | base64 -d` shows it."
#   settings: [provenance.attestationSoundFrom, provenance.verifiedFrom]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.what, input.facts.provenance.covers, input.facts.provenance.signed.covers, input.settings.provenance.verifiedFrom, input.facts.provenance.signed.model.altered, input.facts.provenance.signed.model.method]
#   references: ["https://github.com/sigstore/model-transparency/blob/main/docs/model_signing_format.md", "docs/signers.md"]
#   example:
#     bad: "{\"resources\": [{\"name\": \"model.safetensors\", \"digest\": \"0000…\"}]}  # in the payload"
#     good: "{\"resources\": [{\"name\": \"model.safetensors\", \"digest\": \"9f86…\"}]}  # the digest of the artifact `model`"
outcome["provenance/signature-of-another-model"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(models_of_low_tier) if models_spared

else := lib.not_applicable(no_model_signed) if no_signed_model

else := {"outcome": "failed", "violations": foreign_signatures} if count(foreign_signatures) > 0

else := lib.passed if {
	looked_at_models
	every one in signed_models { is_of_this(one.model) }
}

else := lib.failed(block_path, {})

foreign_signatures := {violation |
	some one in signed_models
	one.model.bound == []
	one.model.altered == []
	one.model.method != "shards"
	violation := lib.finding_of(one, object.filter(one, ["what"]), block_path)
}

is_of_this(model) if count(model.bound) > 0

is_of_this(model) if count(model.altered) > 0

is_of_this(model) if model.method == "shards"
