package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Training data is pinned by a strong digest
# description: A path is overwritten tomorrow, and MD5 and SHA-1 can be made to match other data; a strong digest names exactly this snapshot.
# custom:
#   severity: error
#   message: "The training data {name} is not pinned by a strong digest."
#   remediation: "Write the digest of the snapshot, by one of {strongAlgorithms}, such as `digest: sha256:…`."
#   settings: [provenance.trainingDataFrom, provenance.strongAlgorithms]
#   optional: [input.facts.provenance.trainingData.name, input.facts.external]
#   references: ["https://csrc.nist.gov/projects/hash-functions"]
#   example:
#     bad: "trainingData: [{name: transactions, uri: s3://datasets/transactions}]"
#     good: "trainingData: [{name: transactions, uri: s3://datasets/transactions/2026-10-01, digest: sha256:…}]"
outcome["provenance/training-data-unpinned"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.trainingDataFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(made_elsewhere) if taken_over

else := lib.not_applicable("no training data is named: see provenance/training-data-missing") if {
	input.facts.provenance.trainingData == []
}

else := result if {
	asked(input.settings.provenance.trainingDataFrom)
	result := lib.none_of(loose, has_data)
}

else := lib.failed(data_path, {})

has_data if count(input.facts.provenance.trainingData) > 0

loose contains lib.finding(array.concat(data_path, [index, "digest"]), object.get(data_details, index, {})) if {
	some index, _ in input.facts.provenance.trainingData
	not index in pinned
}

pinned contains index if {
	some index, one in input.facts.provenance.trainingData
	one.algorithm in input.settings.provenance.strongAlgorithms
}

data_details[index] := details if {
	some index, one in input.facts.provenance.trainingData
	details := {"name": one.name, "strongAlgorithms": input.settings.provenance.strongAlgorithms}
}
