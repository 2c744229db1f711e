package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: Attestations name builders that their signer may vouch for
# description: "A signer vouches for some builders and verifiers alone: provenance that names another one is signed by somebody who cannot know. A signer without a list vouches for none."
# custom:
#   severity: error
#   message: "The attestation ({predicateType}) names the {role} {id}, which nobody who signed it may vouch for."
#   remediation: "Let it be made by a builder that the signer lists. Where this one is right, add it to `builders` (or `verifiers`) of the signer in .changegate/signers.yaml first, in a change of its own."
#   settings: [provenance.verifiedFrom]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.predicateType, input.facts.provenance.signed.verified, input.facts.provenance.covers, input.facts.provenance.signed.covers]
#   references: ["https://slsa.dev/spec/v1.0/verifying-artifacts", "docs/signers.md"]
#   example:
#     bad: "{\"runDetails\": {\"builder\": {\"id\": \"https://laptop.example\"}}}"
#     good: "{\"runDetails\": {\"builder\": {\"id\": \"https://trainer.acme.example\"}}}  # as `builders` has it"
outcome["provenance/builder-not-listed"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(nobody_asked) if nobody_is_asked

else := lib.not_applicable(no_attested) if nothing_attested

else := {"outcome": "failed", "violations": unlisted_speakers} if count(unlisted_speakers) > 0

else := lib.passed if {
	anybody_asked
	looked_at_attested_by_signers
	every one in attested_statements { vouched(one) }
}

else := lib.failed(block_path, {})

looked_at_attested_by_signers if count(attested_statements) > 0

unlisted_speakers := {violation |
	some one in attested_statements
	one.attested.speaker.listed == false
	one.verified == true
	some cover in one.covers
	not spared(cover)
	violation := said_by(one, object.filter(one.attested.speaker, ["role", "id"]))
}

vouched(one) if one.attested.speaker.listed == true

# Tests have no builder; what is not verified, and what nobody has to sign, other rules tell.
vouched(one) if object.get(one.attested, "speaker", "none") == "none"

vouched(one) if one.verified == false

vouched(one) if {
	is_array(one.covers)
	every cover in one.covers { spared(cover) }
}
