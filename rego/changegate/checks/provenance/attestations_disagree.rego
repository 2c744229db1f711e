package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: Attestations of one artifact agree
# description: "Two builders may both vouch for an artifact, and both are shown. Where one says another source or another outcome than the other, one of them is wrong, and nobody can say which."
# custom:
#   severity: error
#   message: "The attestations of {artifact} disagree about {what}: {said}."
#   remediation: "Find out which of them is wrong, and name the other alone."
#   settings: [provenance.attestationSoundFrom]
#   optional: [input.facts.provenance.covers, input.facts.provenance.signed.covers, input.settings.provenance.verifiedFrom, input.facts.provenance.signed.what]
#   references: ["docs/signers.md"]
#   example:
#     bad: "attestations: [{…}, {…}]  # one says commit 9fce…, the other 0000…"
#     good: "attestations: [{…}, {…}]  # both say commit 9fce…"
outcome["provenance/attestations-disagree"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(models_of_low_tier) if models_spared

else := lib.not_applicable(no_attested) if nothing_attested

else := {"outcome": "failed", "violations": disagreements} if count(disagreements) > 0

else := lib.passed if {
	looked_at_attested
	every one in attested_statements { is_array(one.attested.about) }
}

else := lib.failed(block_path, {})

disagreements := {violation |
	some artifact in {name | some one in attested_statements; some name in one.attested.about}
	some what in {"commit", "result"}
	said := {told |
		some one in attested_statements
		artifact in one.attested.about
		told := told_of(one, what)
	}
	count(said) > 1
	violation := lib.finding(block_path, {"artifact": artifact, "what": what, "said": sort(said)})
}

told_of(one, what) := one.attested.source.saidCommit if what == "commit"

told_of(one, what) := one.attested.result if what == "result"
