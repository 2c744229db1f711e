package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: Builds were made from the source that the manifest names
# description: "Provenance says from which repository and commit a model was built. Where the manifest says another one, one of them is wrong, and the model cannot be made again from what stands there."
# custom:
#   severity: error
#   message: "The build was made from another {what} than the manifest names: {said}."
#   remediation: "Write the repository and the commit that the build was made from under `spec.provenance.source`; or name the attestation of the build that was made from these."
#   settings: [provenance.attestationSoundFrom]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.predicateType, input.facts.provenance.signed.attested.source.said, input.facts.provenance.signed.attested.source.saidCommit, input.facts.provenance.covers, input.facts.provenance.signed.covers, input.settings.provenance.verifiedFrom, input.facts.provenance.signed.what]
#   references: ["https://slsa.dev/spec/v1.0/verifying-artifacts", "docs/signers.md"]
#   example:
#     bad: "source: {repository: https://github.com/acme/fraud, commit: 0000…}  # and the provenance says 9fce…"
#     good: "source: {repository: https://github.com/acme/fraud, commit: 9fce…}"
outcome["provenance/attested-source-differs"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(models_of_low_tier) if models_spared

else := lib.not_applicable(no_attested) if nothing_attested

else := {"outcome": "failed", "violations": other_sources} if count(other_sources) > 0

else := lib.passed if {
	looked_at_attested
	every one in attested_statements { source_fits(one) }
}

else := lib.failed(block_path, {})

other_sources := {violation |
	some one in attested_statements
	some what, said in {"repository": "said", "commit": "saidCommit"}
	one.attested.source[what] == "other"
	violation := said_by(one, {"what": what, "said": object.get(one.attested.source, said, "another")})
}

source_fits(one) if {
	one.attested.source.repository in {"same", "unsaid"}
	one.attested.source.commit in {"same", "unsaid"}
}

source_fits(one) if object.get(one.attested, "source", "none") == "none"
