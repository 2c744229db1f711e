package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: What was signed is there
# description: "A file that was signed with the model and is no artifact of the release was left out, and a guardrail or a tokenizer that is not there changes what the model answers."
# custom:
#   severity: warning
#   message: "The {what} is also of {names}, which the release does not have."
#   remediation: "Name these files as artifacts of the release; or sign what is released, and nothing else."
#   settings: [provenance.attestationSoundFrom, provenance.verifiedFrom]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.what, input.facts.provenance.covers, input.facts.provenance.signed.covers, input.settings.provenance.verifiedFrom, input.facts.provenance.signed.model.bound, input.facts.provenance.signed.model.method]
#   references: ["https://github.com/sigstore/model-transparency/blob/main/docs/model_signing_format.md", "docs/signers.md"]
#   example:
#     bad: "artifacts: [{name: model, …}]  # signed were model.safetensors and guardrail.safetensors"
#     good: "artifacts: [{name: model, …}, {name: guardrail, role: guardrail, …}]"
outcome["provenance/signed-file-missing"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(models_of_low_tier) if models_spared

else := lib.not_applicable(no_model_signed) if no_signed_model

else := {"outcome": "failed", "violations": missing_files} if count(missing_files) > 0

else := lib.passed if {
	looked_at_models
	every one in signed_models { nothing_missing(one.model) }
}

else := lib.failed(block_path, {})

missing_files := {violation |
	some one in signed_models
	one.model.method != "shards"
	count(one.model.bound) > 0
	count(one.model.missing) > 0
	violation := lib.finding_of(one, object.union({"names": one.model.missing}, object.filter(one, ["what"])), block_path)
}

nothing_missing(model) if model.missing == []

# What was signed is of no artifact: another rule says so.
nothing_missing(model) if model.bound == []

nothing_missing(model) if model.method == "shards"
