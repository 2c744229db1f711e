package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: What has to be signed is signed
# description: "Where `.changegate/signers.yaml` covers a release, the release names a statement of one of the kinds that the entry is about. Leaving the signature out of the manifest is no way around those who may sign."
# custom:
#   severity: error
#   message: "The release names nothing that {signers} could have signed ({predicateTypes})."
#   remediation: "Let one of them sign it, commit the file, and name it under `spec.provenance`: `signature: {path: {beside}evidence/model.sig, digest: sha256:…}`, or an attestation under `attestations`."
#   settings: []
#   optional: [input.facts.provenance.covers.predicateTypes, input.evidence, input.facts.provenance.covers.signers, input.facts.provenance.covers.tiers]
#   references: ["docs/signers.md"]
#   example:
#     bad: "provenance: {source: {…}}  # .changegate/signers.yaml has a cover for this model"
#     good: "provenance: {signature: {path: models/fraud/evidence/model.sig, digest: sha256:…}}"
outcome["provenance/unsigned"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(nobody_asked) if no_cover_reaches

else := lib.unknown(hidden) if {
	count(unsigned) > 0
	hidden := min({one.reason | some one in evidence_of_signatures; one.status == "unavailable"})
}

else := {"outcome": "failed", "violations": unsigned} if count(unsigned) > 0

else := lib.passed if looked_at_covers

else := lib.failed(block_path, {})

no_cover_reaches if {
	is_array(input.facts.provenance.covers)
	every cover in input.facts.provenance.covers { spared(cover) }
}

looked_at_covers if {
	asked("low")
	count(input.facts.provenance.covers) > 0
	every cover in input.facts.provenance.covers { accounted(cover) }
}

accounted(cover) if spared(cover)

accounted(cover) if cover.statementsCount > 0

evidence_of_signatures := [input.evidence.provenance.signature, input.evidence.provenance.attestations]

unsigned contains violation if {
	some cover in input.facts.provenance.covers
	not accounted(cover)
	details := {"signers": cover.signers, "predicateTypes": cover.predicateTypes}
	violation := lib.finding(block_path, details)
}
