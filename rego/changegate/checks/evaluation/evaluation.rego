# METADATA
# title: Evaluation
# description: How good a release is, shown by reports that were made on exactly this artifact.
# custom:
#   subject: release
#   path: [spec, evaluation]
package changegate.checks.evaluation

import data.changegate.lib
import data.changegate.risk

low_tier := "the release's tier is not asked for this"

no_report := "there is no evaluation report to read: see evaluation/missing and evaluation/invalid-evidence"

block_path := ["spec", "evaluation"]

# METADATA
# title: A release is evaluated
# description: A release that nobody measured is a guess, and the users find out how good it was.
# custom:
#   severity: error
#   message: The release names no evaluation report.
#   remediation: "Name one under `spec`: `evaluation: {evidence: [{path: evidence/evaluation.json, digest: sha256:…}]}`."
#   settings: [evaluation.requiredFrom]
#   references: ["NIST AI RMF 1.0, MEASURE 2.3: performance is measured under conditions similar to deployment"]
#   example:
#     bad: "spec: {version: 2.4.0}"
#     good: "evaluation: {evidence: [{path: evidence/evaluation.json, digest: sha256:…}]}"
outcome["evaluation/missing"] := lib.not_applicable(low_tier) if {
	lib.below(risk.tier, input.settings.evaluation.requiredFrom)
}

else := lib.passed if {
	known(input.settings.evaluation.requiredFrom)
	input.facts.evaluation.block == "present"
	count(input.evidence.evaluation.files) > 0
}

else := lib.failed(block_path, {})

# METADATA
# title: Evaluation reports can be believed
# description: A report that is not there, is not the one that its digest names, contradicts itself or comes from the future shows nothing.
# custom:
#   severity: error
#   message: "The evaluation report is not valid: {reason}."
#   remediation: "Write the report again as schemas/evaluation-report.schema.json describes it, and put its new sha256 into `digest`."
#   settings: [evaluation.requiredFrom]
#   references: ["https://changegate.dev/schemas/evaluation-report.schema.json"]
#   example:
#     bad: "evaluation: {evidence: [{path: evidence/evaluation.json, digest: sha256:…}]}  # the file was edited since"
#     good: "evaluation: {evidence: [{path: evidence/evaluation.json, digest: sha256:…}]}  # sha256sum evidence/evaluation.json"
outcome["evaluation/invalid-evidence"] := lib.not_applicable("the manifest names no evaluation report") if {
	input.evidence.evaluation.status == "absent"
}

else := {"outcome": "failed", "violations": unsound} if count(unsound) > 0

else := lib.not_applicable(low_tier) if {
	input.evidence.evaluation.status == "unavailable"
	lib.below(risk.tier, input.settings.evaluation.requiredFrom)
}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := lib.passed if {
	input.evidence.evaluation.status == "present"
	count(input.evidence.evaluation.files) > 0
	every file in input.evidence.evaluation.files { file.status == "present" }
}

else := lib.failed(block_path, {})

unsound contains violation if {
	some file in input.evidence.evaluation.files
	file.status in {"absent", "invalid"}
	violation := object.union(object.get(file, "place", {"path": block_path}), {"details": {"reason": file.reason}})
}

# METADATA
# title: The reports were made on this artifact
# description: A report on last month's model says nothing of this one. Every report names the digest of an artifact of the release, and every model artifact is named.
# custom:
#   severity: error
#   message: "The evaluation was not made on this release: {reason}."
#   remediation: "Evaluate this artifact, and let the report say so: `\"model\": {\"digests\": [\"sha256:…\"]}` with the artifact's `digest`."
#   settings: [evaluation.requiredFrom]
#   references: ["SR 26-2: validation of the model that is used", "NIST AI RMF 1.0, MEASURE 2.5"]
#   example:
#     bad: "{\"model\": {\"digests\": [\"sha256:0000…\"]}}  # in the report: no artifact of this release"
#     good: "{\"model\": {\"digests\": [\"sha256:9f86…\"]}}  # in the report: the digest of the artifact `model`"
outcome["evaluation/not-bound-to-artifact"] := lib.not_applicable(low_tier) if {
	lib.below(risk.tier, input.settings.evaluation.requiredFrom)
}

else := lib.not_applicable(no_report) if input.evidence.evaluation.status in {"absent", "invalid"}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := result if {
	known(input.settings.evaluation.requiredFrom)
	count(input.facts.evaluation.artifacts) > 0
	result := lib.none_of(elsewhere | unmeasured, readable)
}

else := lib.failed(block_path, {"reason": "no report can be read"})

elsewhere := reported(bound, elsewhere_details, "model")

bound contains index if {
	some index, report in input.facts.evaluation.reports
	count(report.boundTo) > 0
}

elsewhere_details[index] := {"reason": "the report names no artifact of this release"} if {
	some index, _ in input.facts.evaluation.reports
}

unmeasured := judged(input.facts.evaluation.artifacts, measured, unmeasured_details) if count(elsewhere) == 0

else := set()

measured contains index if {
	some index, artifact in input.facts.evaluation.artifacts
	artifact.bound == true
}

unmeasured_details[index] := {"reason": "no report names the digest of this artifact"} if {
	some index, _ in input.facts.evaluation.artifacts
}

# METADATA
# title: The evaluation is recent
# description: What a model was worth last year is no evidence for this release.
# custom:
#   severity: error
#   message: "The evaluation is {ageSeconds} old; this tier allows {maximumSeconds}."
#   remediation: "Evaluate the artifact again, commit the new report and put its sha256 into `digest`."
#   settings: [evaluation.requiredFrom, evaluation.maximumAgeSeconds]
#   references: ["NIST AI RMF 1.0, MEASURE 2.4: performance is monitored over time"]
#   example:
#     bad: "{\"evaluatedAt\": \"2025-01-10T09:00:00Z\"}  # in the report"
#     good: "{\"evaluatedAt\": \"2026-10-20T09:00:00Z\"}  # in the report"
outcome["evaluation/stale"] := lib.not_applicable(low_tier) if {
	lib.below(risk.tier, input.settings.evaluation.requiredFrom)
}

else := lib.not_applicable(no_report) if input.evidence.evaluation.status in {"absent", "invalid"}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := result if {
	known(input.settings.evaluation.requiredFrom)
	result := lib.none_of(reported(recent, recent_details, "evaluatedAt"), readable)
}

else := lib.failed(block_path, {})

recent contains index if {
	some index, report in input.facts.evaluation.reports
	report.ageSeconds <= input.settings.evaluation.maximumAgeSeconds[risk.tier]
}

recent_details[index] := details if {
	some index, report in input.facts.evaluation.reports
	details := {
		"ageSeconds": report.ageSeconds,
		"maximumSeconds": input.settings.evaluation.maximumAgeSeconds[risk.tier],
	}
}

# METADATA
# title: The evaluation's data is pinned
# description: Without a digest nobody can measure again on the same data, or tell that it changed.
# custom:
#   severity: error
#   message: The report does not pin the data that it was made on.
#   remediation: "Put the data set's digest into the report: `\"dataset\": {\"digest\": \"sha256:…\"}`."
#   settings: [evaluation.datasetFrom]
#   references: ["ISO/IEC 42001:2023, A.7: data for AI systems"]
#   example:
#     bad: "{\"dataset\": {\"name\": \"holdout\", \"sampleCount\": 20000}}  # in the report"
#     good: "{\"dataset\": {\"name\": \"holdout\", \"sampleCount\": 20000, \"digest\": \"sha256:…\"}}  # in the report"
outcome["evaluation/dataset-unpinned"] := lib.not_applicable(low_tier) if {
	lib.below(risk.tier, input.settings.evaluation.datasetFrom)
}

else := lib.not_applicable(no_report) if input.evidence.evaluation.status in {"absent", "invalid"}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := result if {
	known(input.settings.evaluation.datasetFrom)
	result := lib.none_of(reported(pinned, {}, "dataset"), readable)
}

else := lib.failed(block_path, {})

pinned contains index if {
	some index, report in input.facts.evaluation.reports
	report.datasetPinned == true
}

# METADATA
# title: The evaluation's data is recent
# description: Data from before the world changed measures how good the model would have been then.
# custom:
#   severity: error
#   message: "The evaluation's data is {ageSeconds} old; this tier allows {maximumSeconds}."
#   remediation: "Evaluate on newer data, and let the report say when it was collected: `\"dataset\": {\"collectedAt\": \"2026-10-01T00:00:00Z\"}`."
#   settings: [evaluation.datasetFrom, evaluation.maximumDatasetAgeSeconds]
#   references: ["NIST AI RMF 1.0, MEASURE 2.4"]
#   example:
#     bad: "{\"dataset\": {\"collectedAt\": \"2024-01-01T00:00:00Z\"}}  # in the report"
#     good: "{\"dataset\": {\"collectedAt\": \"2026-10-01T00:00:00Z\"}}  # in the report"
outcome["evaluation/dataset-stale"] := lib.not_applicable(low_tier) if {
	lib.below(risk.tier, input.settings.evaluation.datasetFrom)
}

else := lib.not_applicable(no_report) if input.evidence.evaluation.status in {"absent", "invalid"}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := result if {
	known(input.settings.evaluation.datasetFrom)
	result := lib.none_of(reported(current, current_details, "dataset"), readable)
}

else := lib.failed(block_path, {})

current contains index if {
	some index, report in input.facts.evaluation.reports
	report.datasetAgeSeconds <= input.settings.evaluation.maximumDatasetAgeSeconds[risk.tier]
}

current_details[index] := details if {
	some index, report in input.facts.evaluation.reports
	details := {
		"ageSeconds": object.get(report, "datasetAgeSeconds", "of unknown age, not known to be"),
		"maximumSeconds": input.settings.evaluation.maximumDatasetAgeSeconds[risk.tier],
	}
}

# METADATA
# title: The model is not evaluated on what it was trained on
# description: A model knows the answers of its training data, so such a report measures its memory.
# custom:
#   severity: error
#   message: The evaluation's data has the digest of training data of this release.
#   remediation: "Evaluate on data that is not under `provenance.trainingData`, and put its digest into the report's `dataset.digest`."
#   settings: [evaluation.requiredFrom]
#   references: ["Kapoor and Narayanan, Leakage and the reproducibility crisis in machine-learning-based science, Patterns 4(9), 2023"]
#   example:
#     bad: "{\"dataset\": {\"digest\": \"sha256:aa…\"}}  # in the report, and `trainingData: [{digest: sha256:aa…}]` in the manifest"
#     good: "{\"dataset\": {\"digest\": \"sha256:bb…\"}}  # in the report"
outcome["evaluation/evaluated-on-training-data"] := lib.not_applicable(low_tier) if {
	lib.below(risk.tier, input.settings.evaluation.requiredFrom)
}

else := lib.not_applicable(no_report) if input.evidence.evaluation.status in {"absent", "invalid"}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := result if {
	known(input.settings.evaluation.requiredFrom)
	result := lib.none_of(reported(unseen, {}, "dataset"), readable)
}

else := lib.failed(block_path, {})

unseen contains index if {
	some index, report in input.facts.evaluation.reports
	report.trainedOn == false
}

# METADATA
# title: A metric was measured on enough samples
# description: A figure from a handful of samples is noise with a decimal point.
# custom:
#   severity: error
#   message: "{name} was measured on {sampleCount} samples; this tier needs at least {minimumCount}."
#   remediation: "Measure on more data, and say so in the report: `\"sampleCount\"` of the data set, and of every metric that has a `slice`."
#   settings: [evaluation.requiredFrom, evaluation.minimumSampleCount, evaluation.minimumSliceSampleCount]
#   references: ["NIST AI RMF 1.0, MEASURE 2.1: test sets and metrics are documented"]
#   example:
#     bad: "{\"dataset\": {\"name\": \"holdout\", \"sampleCount\": 120}}  # in the report"
#     good: "{\"dataset\": {\"name\": \"holdout\", \"sampleCount\": 20000}}  # in the report"
outcome["evaluation/sample-too-small"] := lib.not_applicable(low_tier) if {
	lib.below(risk.tier, input.settings.evaluation.requiredFrom)
}

else := lib.not_applicable(no_report) if input.evidence.evaluation.status in {"absent", "invalid"}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := result if {
	known(input.settings.evaluation.requiredFrom)
	result := lib.none_of(judged(input.facts.evaluation.metrics, large, large_details), has_metrics)
}

else := lib.failed(block_path, {})

large contains index if {
	some index, metric in input.facts.evaluation.metrics
	metric.slice == ""
	metric.sampleCount >= input.settings.evaluation.minimumSampleCount[risk.tier]
}

large contains index if {
	some index, metric in input.facts.evaluation.metrics
	metric.slice != ""
	metric.sampleCount >= input.settings.evaluation.minimumSliceSampleCount[risk.tier]
}

large_details[index] := details if {
	some index, metric in input.facts.evaluation.metrics
	metric.slice == ""
	details := {
		"name": metric.name,
		"sampleCount": metric.sampleCount,
		"minimumCount": input.settings.evaluation.minimumSampleCount[risk.tier],
	}
}

large_details[index] := details if {
	some index, metric in input.facts.evaluation.metrics
	metric.slice != ""
	details := {
		"name": [metric.name, metric.slice],
		"sampleCount": metric.sampleCount,
		"minimumCount": input.settings.evaluation.minimumSliceSampleCount[risk.tier],
	}
}

# METADATA
# title: What has a limit is measured
# description: A limit on a metric that nobody measured limits nothing. One metric of the task is measured on all of the data, and every one that has a limit for this model.
# custom:
#   severity: error
#   message: "No report measures what has to be measured on all of the data: {expectedMetrics}."
#   remediation: "State `spec.task`, and add the metric to the report without a `slice`: `{\"name\": \"roc_auc\", \"value\": 0.93, \"higherIsBetter\": true}`."
#   settings: [evaluation.requiredFrom, evaluation.taskLimits, evaluation.modelLimits]
#   references: ["NIST AI RMF 1.0, MEASURE 1.1: metrics are chosen for the most significant risks"]
#   example:
#     bad: "{\"metrics\": [{\"name\": \"happiness\", \"value\": 1, \"higherIsBetter\": true}]}  # in the report of a classification"
#     good: "{\"metrics\": [{\"name\": \"roc_auc\", \"value\": 0.93, \"higherIsBetter\": true}]}  # in the report"
outcome["evaluation/metric-missing"] := lib.not_applicable(low_tier) if {
	lib.below(risk.tier, input.settings.evaluation.requiredFrom)
}

else := lib.not_applicable(no_report) if input.evidence.evaluation.status in {"absent", "invalid"}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := lib.not_applicable("the settings give no limit for this task and this model") if limits == {}

else := lib.passed if {
	known(input.settings.evaluation.requiredFrom)
	has_metrics
	some name, _ in limits
	name in overall
	every own, _ in model_limits { own in overall }
}

else := lib.failed(["spec", "task"], {"expectedMetrics": "a metric of the task, which `spec.task` does not state"}) if {
	input.facts.evaluation.task == "unstated"
}

else := lib.failed(block_path, {"expectedMetrics": [name | some name, _ in model_limits]}) if count(model_limits) > 0

else := lib.failed(block_path, {"expectedMetrics": ["one of", [name | some name, _ in limits]]}) if count(limits) > 0

else := lib.failed(block_path, {})

overall contains metric.name if {
	some metric in input.facts.evaluation.metrics
	metric.slice == ""
}

task_limits := input.settings.evaluation.taskLimits[input.facts.evaluation.task]

model_limits := object.get(input.settings.evaluation.modelLimits, input.facts.evaluation.model, {})

limits := object.union(task_limits, model_limits)

# METADATA
# title: A metric holds its limit
# description: The least that a release has to be worth, by task and by model.
# custom:
#   severity: error
#   message: "{name} is {value}; the limit is {limit}."
#   remediation: "Mend the model; or have the limit changed, at the base, in `settings: {evaluation: {taskLimits: …, modelLimits: …}}`."
#   settings: [evaluation.requiredFrom, evaluation.taskLimits, evaluation.modelLimits]
#   references: ["NIST AI RMF 1.0, MANAGE 1.1: a go or no-go decision is made"]
#   example:
#     bad: "{\"name\": \"roc_auc\", \"value\": 0.55, \"higherIsBetter\": true}  # in the report"
#     good: "{\"name\": \"roc_auc\", \"value\": 0.93, \"higherIsBetter\": true}  # in the report"
outcome["evaluation/below-threshold"] := lib.not_applicable(low_tier) if {
	lib.below(risk.tier, input.settings.evaluation.requiredFrom)
}

else := lib.not_applicable(no_report) if input.evidence.evaluation.status in {"absent", "invalid"}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := lib.not_applicable("the task is not stated: see evaluation/metric-missing") if {
	input.facts.evaluation.task == "unstated"
}

else := result if {
	known(input.settings.evaluation.requiredFrom)
	result := lib.none_of(judged(input.facts.evaluation.metrics, holding, holding_details), has_metrics)
}

else := lib.failed(block_path, {})

holding contains index if {
	some index, metric in input.facts.evaluation.metrics
	metric.slice != ""
}

holding contains index if {
	some index, metric in input.facts.evaluation.metrics
	metric.slice == ""
	object.get(limits, metric.name, "none") == "none"
}

holding contains index if {
	some index, metric in input.facts.evaluation.metrics
	metric.slice == ""
	metric.value >= limits[metric.name].minimum
}

holding contains index if {
	some index, metric in input.facts.evaluation.metrics
	metric.slice == ""
	metric.value <= limits[metric.name].maximum
}

holding_details[index] := details if {
	some index, metric in input.facts.evaluation.metrics
	details := {"name": metric.name, "value": metric.value, "limit": limits[metric.name]}
}

# METADATA
# title: The evaluation can be compared with the previous release's
# description: A release that leaves out what the previous one measured can be worse in it, unseen.
# custom:
#   severity: error
#   message: "The evaluation cannot be compared with the previous release's: {reason}."
#   remediation: "Measure the same metrics again ({droppedMetrics}), and keep the previous report at the base or hand it in with `--evidence DIR`."
#   settings: [evaluation.requiredFrom]
#   references: ["SR 26-2: outcomes analysis compares with the model in use"]
#   example:
#     bad: "{\"metrics\": [{\"name\": \"roc_auc\", …}]}  # the previous report measured recall, too"
#     good: "{\"metrics\": [{\"name\": \"roc_auc\", …}, {\"name\": \"recall\", …}]}"
outcome["evaluation/not-compared"] := lib.not_applicable(low_tier) if {
	lib.below(risk.tier, input.settings.evaluation.requiredFrom)
}

else := lib.not_applicable(no_report) if input.evidence.evaluation.status in {"absent", "invalid"}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := lib.not_applicable(comparison.reason) if comparison.status == "absent"

else := lib.unknown(comparison.reason) if comparison.status == "unavailable"

else := lib.passed if {
	known(input.settings.evaluation.requiredFrom)
	readable
	comparison.status == "present"
	count(input.facts.evaluation.comparison.dropped) == 0
	count(input.facts.evaluation.comparison.metrics) > 0
}

else := lib.failed(block_path, {"reason": comparison.reason, "droppedMetrics": []}) if comparison.status == "invalid"

else := result if result := lib.failed(block_path, dropped_details)

else := lib.failed(block_path, {})

comparison := input.evidence.evaluation.comparison

dropped_details := {
	"reason": "metrics of the previous report are not measured again",
	"droppedMetrics": [[dropped.name, dropped.slice] | some dropped in input.facts.evaluation.comparison.dropped],
}

# METADATA
# title: A release is not worse than the one before
# description: An update that loses accuracy should be a decision of a person, not an accident of a night.
# custom:
#   severity: error
#   message: "{name} was {previousValue} in the previous release and is {value}: worse by {regressionRatio} of it; this tier allows {maximumRatio}."
#   remediation: "Find out why and mend the model; if the loss is meant, ask for a waiver that says why."
#   settings: [evaluation.requiredFrom, evaluation.maximumRegressionRatio]
#   references: ["SR 26-2: outcomes analysis", "NIST AI RMF 1.0, MEASURE 4.3"]
#   example:
#     bad: "{\"name\": \"precision\", \"value\": 0.71, \"higherIsBetter\": true}  # it was 0.9"
#     good: "{\"name\": \"precision\", \"value\": 0.9, \"higherIsBetter\": true}"
outcome["evaluation/regressed"] := lib.not_applicable(low_tier) if {
	lib.below(risk.tier, input.settings.evaluation.requiredFrom)
}

else := lib.not_applicable(no_report) if input.evidence.evaluation.status in {"absent", "invalid"}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := lib.not_applicable(comparison.reason) if comparison.status == "absent"

else := lib.unknown(comparison.reason) if comparison.status == "unavailable"

else := lib.not_applicable("there is nothing to compare with: see evaluation/not-compared") if {
	comparison.status in {"present", "invalid"}
	count(input.facts.evaluation.comparison.metrics) == 0
}

else := result if {
	known(input.settings.evaluation.requiredFrom)
	comparison.status == "present"
	result := lib.none_of(judged(input.facts.evaluation.comparison.metrics, kept, kept_details), readable)
}

else := lib.failed(block_path, {})

kept contains index if {
	some index, metric in input.facts.evaluation.comparison.metrics
	metric.sameDirection == true
	metric.regressionRatio <= input.settings.evaluation.maximumRegressionRatio[risk.tier]
}

kept_details[index] := details if {
	some index, metric in input.facts.evaluation.comparison.metrics
	details := {
		"name": metric.name,
		"slice": metric.slice,
		"value": metric.value,
		"previousValue": metric.previousValue,
		"regressionRatio": object.get(metric, "regressionRatio", "more than any share"),
		"maximumRatio": input.settings.evaluation.maximumRegressionRatio[risk.tier],
	}
}

# METADATA
# title: Somebody looked for leakage
# description: Data that leaks from the evaluation into the training makes every figure of the report too good.
# custom:
#   severity: error
#   message: The report does not say that anyone looked for leakage.
#   remediation: "Look for it, and say how in the report: `\"checks\": {\"leakage\": {\"checked\": true, \"found\": false, \"method\": \"duplicates by row hash\"}}`."
#   settings: [evaluation.leakageFrom]
#   references: ["Kapoor and Narayanan, Leakage and the reproducibility crisis in machine-learning-based science, Patterns 4(9), 2023"]
#   example:
#     bad: "{\"checks\": {}}  # in the report"
#     good: "{\"checks\": {\"leakage\": {\"checked\": true, \"found\": false}}}  # in the report"
outcome["evaluation/leakage-unchecked"] := lib.not_applicable(low_tier) if {
	lib.below(risk.tier, input.settings.evaluation.leakageFrom)
}

else := lib.not_applicable(no_report) if input.evidence.evaluation.status in {"absent", "invalid"}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := result if {
	known(input.settings.evaluation.leakageFrom)
	result := lib.none_of(reported(leak_checked, {}, "checks"), readable)
}

else := lib.failed(block_path, {})

leak_checked contains index if {
	some index, report in input.facts.evaluation.reports
	report.leakageChecked == true
}

# METADATA
# title: No leakage was found
# description: A report that found leakage in its own data is no evidence.
# custom:
#   severity: error
#   message: The report says that its data leaked into the training.
#   remediation: "Take the leaked samples out, train and evaluate again, and commit the new report with its sha256."
#   settings: [evaluation.requiredFrom]
#   references: ["Kapoor and Narayanan, Leakage and the reproducibility crisis in machine-learning-based science, Patterns 4(9), 2023"]
#   example:
#     bad: "{\"checks\": {\"leakage\": {\"checked\": true, \"found\": true}}}  # in the report"
#     good: "{\"checks\": {\"leakage\": {\"checked\": true, \"found\": false}}}  # in the report"
outcome["evaluation/leakage-found"] := lib.not_applicable(low_tier) if {
	lib.below(risk.tier, input.settings.evaluation.requiredFrom)
}

else := lib.not_applicable(no_report) if input.evidence.evaluation.status in {"absent", "invalid"}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := result if {
	known(input.settings.evaluation.requiredFrom)
	result := lib.none_of(reported(unleaked, {}, "checks"), readable)
}

else := lib.failed(block_path, {})

unleaked contains index if {
	some index, report in input.facts.evaluation.reports
	report.leakageFound == false
}

# METADATA
# title: The evaluation was repeated on other parts of the data
# description: One lucky split looks like a good model.
# custom:
#   severity: warning
#   message: "The report shows {foldsCount} folds of cross-validation; this tier wants at least {minimumCount}."
#   remediation: "Cross-validate, and say so in the report: `\"checks\": {\"crossValidation\": {\"folds\": 5}}`."
#   settings: [evaluation.crossValidationFrom, evaluation.crossValidationTasks, evaluation.minimumFoldsCount]
#   references: ["Kohavi, A study of cross-validation and bootstrap for accuracy estimation and model selection, IJCAI 1995"]
#   example:
#     bad: "{\"checks\": {}}  # in the report"
#     good: "{\"checks\": {\"crossValidation\": {\"folds\": 5}}}  # in the report"
outcome["evaluation/cross-validation-missing"] := lib.not_applicable(low_tier) if {
	lib.below(risk.tier, input.settings.evaluation.crossValidationFrom)
}

else := lib.not_applicable(no_report) if input.evidence.evaluation.status in {"absent", "invalid"}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := lib.not_applicable("models of this task are not cross-validated") if {
	input.facts.evaluation.task in other_tasks
}

else := result if {
	known(input.settings.evaluation.crossValidationFrom)
	has_task
	result := lib.none_of(reported(folded, folded_details, "checks"), readable)
}

else := lib.failed(block_path, {})

folded contains index if {
	some index, report in input.facts.evaluation.reports
	report.foldsCount >= input.settings.evaluation.minimumFoldsCount
}

folded_details[index] := details if {
	some index, report in input.facts.evaluation.reports
	details := {"foldsCount": report.foldsCount, "minimumCount": input.settings.evaluation.minimumFoldsCount}
}

# METADATA
# description: The tasks that the settings know and do not ask to be cross-validated.
other_tasks contains task if {
	count(input.settings.evaluation.crossValidationTasks) >= 0
	some task, _ in input.settings.evaluation.taskLimits
	not task in input.settings.evaluation.crossValidationTasks
}

has_task if input.facts.evaluation.task != ""

# METADATA
# title: The latency of an objective was measured
# description: A larger model is slower. Whether it keeps its objective is measured before the release, or by the users after it.
# custom:
#   severity: error
#   message: "No report measures the latency that the objective {name} limits."
#   remediation: "Measure this artifact under load, and add the percentile of the objective to the report: `\"latency\": [{\"percentile\": 95, \"valueMs\": 210}]`."
#   settings: [evaluation.latencyFrom]
#   references: ["https://sre.google/workbook/implementing-slos/"]
#   example:
#     bad: "slos: [{name: latency-p95, thresholdMs: 300, objective: 0.95, window: 30d}]  # and no `latency` in the report"
#     good: "{\"latency\": [{\"percentile\": 95, \"valueMs\": 210}]}  # in the report"
outcome["evaluation/latency-unmeasured"] := lib.not_applicable(low_tier) if {
	lib.below(risk.tier, input.settings.evaluation.latencyFrom)
}

else := lib.not_applicable(no_report) if input.evidence.evaluation.status in {"absent", "invalid"}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := lib.not_applicable("no objective limits the latency") if count(input.facts.evaluation.latency) == 0

else := result if {
	known(input.settings.evaluation.latencyFrom)
	result := lib.none_of(judged(input.facts.evaluation.latency, timed, latency_names), readable)
}

else := lib.failed(block_path, {})

timed contains index if {
	some index, slo in input.facts.evaluation.latency
	slo.measured == true
}

latency_names[index] := {"name": slo.name} if some index, slo in input.facts.evaluation.latency

# METADATA
# title: The measured latency keeps the objective
# description: The percentile of the report, or a higher one, stays under the objective's threshold.
# custom:
#   severity: error
#   message: "The report measures {valueMs} where the objective {name} allows {thresholdMs}."
#   remediation: "Make the model faster (quantize, batch, more replicas) and measure again; or change the objective in a pull request of its own."
#   settings: [evaluation.requiredFrom, evaluation.maximumLatencyUsageRatio]
#   references: ["https://sre.google/workbook/implementing-slos/"]
#   example:
#     bad: "{\"latency\": [{\"percentile\": 95, \"valueMs\": 410}]}  # in the report, beside thresholdMs: 300"
#     good: "{\"latency\": [{\"percentile\": 95, \"valueMs\": 210}]}  # in the report"
outcome["evaluation/latency-over-slo"] := lib.not_applicable(low_tier) if {
	lib.below(risk.tier, input.settings.evaluation.requiredFrom)
}

else := lib.not_applicable(no_report) if input.evidence.evaluation.status in {"absent", "invalid"}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := lib.not_applicable("no objective limits the latency") if count(input.facts.evaluation.latency) == 0

else := result if {
	known(input.settings.evaluation.requiredFrom)
	result := lib.none_of(judged(input.facts.evaluation.latency, fast, fast_details), readable)
}

else := lib.failed(block_path, {})

fast contains index if {
	some index, slo in input.facts.evaluation.latency
	slo.measured == false
}

fast contains index if {
	some index, slo in input.facts.evaluation.latency
	slo.measured == true
	slo.usageRatio <= input.settings.evaluation.maximumLatencyUsageRatio[risk.tier]
}

fast_details[index] := details if {
	some index, slo in input.facts.evaluation.latency
	details := {
		"name": slo.name, "valueMs": slo.valueMs, "thresholdMs": slo.thresholdMs, "usageRatio": slo.usageRatio,
		"maximumRatio": input.settings.evaluation.maximumLatencyUsageRatio[risk.tier],
	}
}

# METADATA
# description: Whether the tier from which something is asked is one that exists; a rule whose setting is gone does not pass.
known(from) if from in {"low", "medium", "high", "critical"}

readable if {
	input.evidence.evaluation.status == "present"
	count(input.facts.evaluation.reports) > 0
}

has_metrics if {
	readable
	count(input.facts.evaluation.metrics) > 0
}

# METADATA
# description: A violation for each item that is not good, at the item's own place.
judged(items, good, details) := {violation |
	some index, item in items
	not index in good
	place := object.get(item, "place", {"path": block_path})
	violation := object.union(place, {"details": object.get(details, index, {})})
}

# METADATA
# description: A violation for each report that is not good, at the part of it that `key` names.
reported(good, details, key) := {violation |
	some index, report in input.facts.evaluation.reports
	not index in good
	place := object.get(object.get(report, "places", {}), key, {"path": block_path})
	violation := object.union(place, {"details": object.get(details, index, {})})
}
