package changegate.checks.evaluation

import data.changegate.lib

# METADATA
# title: The model is not evaluated on what it was trained on
# description: A model knows the answers of its training data, so such a report measures its memory. Data without a digest could be that data.
# custom:
#   severity: error
#   message: "{reason}."
#   remediation: "Evaluate on data that the model was not trained on, put its digest into the report's `dataset.digest`, and commit that report."
#   settings: [evaluation.requiredFrom]
#   optional: [input.facts.evaluation.reports.places]
#   references: ["Kapoor and Narayanan, Leakage and the reproducibility crisis in machine-learning-based science, Patterns 4(9), 2023"]
#   example:
#     bad: "{\"dataset\": {\"digest\": \"sha256:aa…\"}}  # in the report, and `trainingData: [{digest: sha256:aa…}]` in the manifest"
#     good: "{\"dataset\": {\"digest\": \"sha256:bb…\"}}  # in the report"
outcome["evaluation/evaluated-on-training-data"] := result if result := unread(input.settings.evaluation.requiredFrom)

else := result if result := lib.none_of(lib.at_place(input.facts.evaluation.reports, held_out, dataset_details, ["places", "dataset"], block_path), readable(input.settings.evaluation.requiredFrom))

else := lib.failed(block_path, {"reason": "No report says on which data it was made"})

held_out contains index if {
	some index, report in input.facts.evaluation.reports
	report.dataset in {"held-out", "not-asked"}
}

dataset_details[index] := {"reason": reason} if {
	some index, report in input.facts.evaluation.reports
	reason := {
		"training": "The evaluation's data has the digest of training data of this release",
		"unpinned": "The report gives no digest of its data, so it may be the training data",
	}[report.dataset]
}
