package changegate.checks.claims

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A digest names one content, and an address holds one
# description: One file is not the model and a report, has not two sizes, and an address not two contents. Zeros and the digest of an empty file name nothing.
# custom:
#   severity: error
#   message: "{claim} and {against} cannot both be true: {why}."
#   remediation: "{mend}"
#   settings: [claims.contradictionsFrom, claims.accepted]
#   optional: [input.settings.claims]
#   references: ["https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests"]
#   example:
#     bad: "trainingData: [{name: transactions, digest: sha256:ab…}]  # the digest of the model"
#     good: "trainingData: [{name: transactions, digest: sha256:99…}]"
outcome["claims/digests-contradict"] := lib.not_applicable(lib.low_tier) if {
	input.settings.claims.contradictionsFrom in risk.beyond
}

else := result if result := lib.none_of(excluded(input.facts.claims.digests, digests_words), looked_at(input.facts.claims.digests))

else := lib.failed(["spec"], {})

digests_words["digest-of-another-thing"] := {
	"why": "one file is not both",
	"mend": "Write the digest of the file that is named there: `sha256sum FILE` prints it.",
}

digests_words["digest-of-two-sizes"] := {
	"why": "one content has one size",
	"mend": "Write the size of that content, or the digest of the other file: `sha256sum FILE` prints it.",
}

digests_words["address-of-two-contents"] := {
	"why": "an address holds one file",
	"mend": "Write the address of each file, or the digest that the one file has.",
}

digests_words["digest-of-nothing"] := {
	"why": "it is the digest of no content",
	"mend": "Write the digest of the file: `sha256sum FILE` prints it.",
}

digests_words["commit-of-nothing"] := {
	"why": "zeros are the id of no commit",
	"mend": "Write the full id of the commit: `git rev-parse HEAD` in the training repository prints it.",
}

digests_words["back-to-other-weights"] := {
	"why": "the previous release of that version had other artifacts",
	"mend": "Write the digest of that version's artifact, or take `rollback.digest` out.",
}

digests_words["back-to-the-same-weights"] := {
	"why": "a rollback leads to other weights than those that are rolled out",
	"mend": "Write the digest of the artifact to go back to, or take `rollback.digest` out.",
}
