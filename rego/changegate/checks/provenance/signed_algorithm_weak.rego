package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: Digests that were signed bind
# description: "A signature over digests is as strong as they are: MD5 and SHA-1 can be made to match other data, and an algorithm that nobody asked for is somebody else's choice."
# custom:
#   severity: error
#   message: "The {what} is over digests by {algorithms}, of which not all bind."
#   remediation: "Sign with SHA-256: `hash_type: sha256` is what the tool takes unless it is told otherwise."
#   settings: [provenance.attestationSoundFrom, provenance.verifiedFrom, provenance.strongAlgorithms]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.what, input.facts.provenance.covers, input.facts.provenance.signed.covers, input.settings.provenance.verifiedFrom]
#   references: ["https://github.com/sigstore/model-transparency/blob/main/docs/model_signing_format.md", "docs/signers.md"]
#   example:
#     bad: "{\"resources\": [{\"algorithm\": \"md5\", …}]}"
#     good: "{\"resources\": [{\"algorithm\": \"sha256\", …}]}"
outcome["provenance/signed-algorithm-weak"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(models_of_low_tier) if models_spared

else := lib.not_applicable(no_model_signed) if no_signed_model

else := {"outcome": "failed", "violations": weak_digests} if count(weak_digests) > 0

else := lib.passed if {
	looked_at_models
	every one in signed_models { binds(one.model) }
}

else := lib.failed(block_path, {})

weak_digests := {violation |
	some one in signed_models
	count(one.model.algorithms) > 0
	not binds(one.model)
	violation := lib.finding_of(one, object.union({"algorithms": one.model.algorithms}, object.filter(one, ["what"])), block_path)
}

binds(model) if {
	is_array(model.algorithms)
	every algorithm in model.algorithms { algorithm in input.settings.provenance.strongAlgorithms }
}
