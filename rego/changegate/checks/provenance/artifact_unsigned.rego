package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: Every model of the release was signed
# description: "A signature of one artifact says nothing of the adapter beside it: each artifact of the roles that settings list is among what was signed, and so is every file of a folder."
# custom:
#   severity: error
#   message: "The {what} leaves out {names}, which the release has."
#   remediation: "Sign all artifacts of the release together, and name that signature."
#   settings: [provenance.attestationSoundFrom, provenance.verifiedFrom, provenance.signedRoles]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.what, input.facts.provenance.covers, input.facts.provenance.signed.covers, input.settings.provenance.verifiedFrom]
#   references: ["https://github.com/sigstore/model-transparency/blob/main/docs/model_signing_format.md", "docs/signers.md"]
#   example:
#     bad: "artifacts: [{name: model, …}, {name: adapter, role: adapter, …}]  # and the signature is of the model alone"
#     good: "artifacts: [{name: model, …}, {name: adapter, role: adapter, …}]  # both are among the resources"
outcome["provenance/artifact-unsigned"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(models_of_low_tier) if models_spared

else := lib.not_applicable(no_model_signed) if no_signed_model

else := {"outcome": "failed", "violations": left_out} if count(left_out) > 0

else := lib.passed if {
	looked_at_models
	is_array(input.settings.provenance.signedRoles)
	every one in signed_models { told_of_files(one.model) }
}

else := lib.failed(block_path, {})

left_out := {violation |
	some one in signed_models
	one.model.method != "shards"
	count(one.model.bound) > 0
	names := sort(unsigned_artifacts(one.model) | {file | some file in one.model.extra})
	count(names) > 0
	violation := lib.finding_of(one, object.union({"names": names}, object.filter(one, ["what"])), block_path)
}

unsigned_artifacts(model) := {artifact.artifact |
	some artifact in model.unsigned
	artifact.role in input.settings.provenance.signedRoles
}

told_of_files(model) if {
	is_string(model.method)
	is_array(model.unsigned)
	is_array(model.extra)
	every artifact in model.unsigned { is_named(artifact) }
	count(model.bound) > 0
}

# What was signed is of no artifact: another rule says so.
told_of_files(model) if model.bound == []

told_of_files(model) if model.method == "shards"

is_named(artifact) if {
	is_string(artifact.artifact)
	is_string(artifact.role)
}
