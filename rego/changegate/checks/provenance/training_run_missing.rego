package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release names the run that produced it
# description: "The run holds the parameters, the metrics and the logs: without it an experiment cannot be found again."
# custom:
#   severity: error
#   message: "The release does not name the training run that produced it."
#   remediation: "Name it under `spec.provenance`, such as `trainingRun: {uri: https://mlflow.acme.example, runId: 7f3a14c1}`."
#   settings: [provenance.trainingRunFrom]
#   optional: [input.facts.external]
#   references: ["NIST AI RMF 1.0, MEASURE 2.1: test sets, metrics and tools are documented"]
#   example:
#     bad: "provenance: {source: {…}}"
#     good: "provenance: {source: {…}, trainingRun: {uri: https://mlflow.acme.example, runId: 7f3a14c1}}"
outcome["provenance/training-run-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.trainingRunFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(made_elsewhere) if taken_over

else := lib.passed if {
	asked(input.settings.provenance.trainingRunFrom)
	input.facts.provenance.trainingRun.stated == true
}

else := lib.failed(["spec", "provenance", "trainingRun"], {})
