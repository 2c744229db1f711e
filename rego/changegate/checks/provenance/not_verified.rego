package changegate.checks.provenance

import data.changegate.lib

# METADATA
# title: Signatures are by those who may sign
# description: "Where `.changegate/signers.yaml` covers a release, what it names as signature and attestation is signed by those who may sign for it: this model, this owner, this tier, this kind of statement. What is read and not verified says nothing of who wrote it."
# custom:
#   severity: error
#   message: "The {what} ({predicateType}) counts for nothing: {told}; for this release {needed} may sign."
#   remediation: "Let one of those sign it who may, and commit that file. Where somebody else should be able to, add them to `signers` and `covers` in .changegate/signers.yaml first, in a change of its own."
#   settings: [provenance.verifiedFrom]
#   optional: [input.facts.provenance.signed.place, input.facts.provenance.signed.what, input.facts.provenance.signed.predicateType, input.facts.provenance.signed.told, input.facts.provenance.signed.unknown, input.facts.provenance.signed.verified, input.facts.provenance.signed.signers, input.facts.provenance.covers, input.facts.provenance.signed.doubts]
#   references: ["docs/signers.md", "https://slsa.dev/spec/v1.0/verifying-artifacts"]
#   example:
#     bad: "signatures: [{sig: bm90IGNoZWNrZWQ=}]"
#     good: "signatures: [{sig: MEUCIQ…}]  # by a key of a signer who covers this release"
outcome["provenance/not-verified"] := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(nobody_asked) if nobody_is_asked

else := lib.not_applicable(nothing_signed) if nothing_is_signed

else := {"outcome": "failed", "violations": unverified} if count(unverified) > 0

else := lib.unknown(unseen) if unseen := min({one.unknown | some one in input.facts.provenance.signed})

else := lib.not_applicable("why no signature counts, another rule says") if {
	count(untold) == 0
	count(told_by_others) > 0
}

else := lib.passed if {
	anybody_asked
	count(input.facts.provenance.signed) > 0
	every index, _ in input.facts.provenance.signed { index in trusted }
}

else := lib.failed(block_path, {})

unverified contains violation if {
	some index in untold
	one := input.facts.provenance.signed[index]
	details := object.union({"needed": needed_of(one)}, object.filter(one, ["what", "predicateType", "told"]))
	violation := lib.finding_of(one, details, block_path)
}

# METADATA
# description: What does not count, where no other rule says why, and where it can be told from here.
untold contains index if {
	some index, one in input.facts.provenance.signed
	not index in trusted
	not index in told_by_others
	not one.unknown
}

told_by_others contains index if {
	some index, one in input.facts.provenance.signed
	not index in trusted
	some doubt in one.doubts
	doubt.kind in told_apart
}

needed_of(one) := signers if {
	signers := sort({signer |
		some cover in one.covers
		not borne(cover)
		some signer in cover.signers
	})
	count(signers) > 0
} else := "nobody that is named"
