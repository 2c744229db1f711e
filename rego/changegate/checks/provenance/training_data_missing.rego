package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release names what it was trained on
# description: Leakage, licences, consent and drift can only be judged against the data that the model saw.
# custom:
#   severity: error
#   message: "The release does not name the data that it was trained on."
#   remediation: "Name it under `spec.provenance`, such as `trainingData: [{name: transactions, uri: s3://datasets/transactions/2026-10-01, digest: sha256:…}]`."
#   settings: [provenance.trainingDataFrom]
#   optional: [input.facts.external]
#   references: ["NIST AI RMF 1.0, MAP 4.1: the risks of third-party data and software are mapped"]
#   example:
#     bad: "provenance: {trainingData: []}"
#     good: "provenance: {trainingData: [{name: transactions, digest: sha256:…}]}"
outcome["provenance/training-data-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.trainingDataFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(made_elsewhere) if taken_over

else := lib.passed if {
	asked(input.settings.provenance.trainingDataFrom)
	count(input.facts.provenance.trainingData) > 0
}

else := lib.failed(data_path, {})
