# METADATA
# title: Evaluation
# description: How good a release is, shown by reports that were made on exactly this artifact.
# custom:
#   subject: release
#   path: [spec, evaluation]
package changegate.checks.evaluation

import data.changegate.lib
import data.changegate.risk

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
outcome["evaluation/missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.evaluation.requiredFrom in risk.beyond
}

else := lib.passed if {
	input.settings.evaluation.requiredFrom in lib.tiers
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
#   optional: [input.settings, input.evidence.evaluation.files.place]
#   references: ["https://changegate.dev/schemas/evaluation-report.schema.json"]
#   example:
#     bad: "evaluation: {evidence: [{path: evidence/evaluation.json, digest: sha256:…}]}  # the file was edited since"
#     good: "evaluation: {evidence: [{path: evidence/evaluation.json, digest: sha256:…}]}  # sha256sum evidence/evaluation.json"
outcome["evaluation/invalid-evidence"] := lib.not_applicable("the manifest names no evaluation report") if {
	input.evidence.evaluation.status == "absent"
}

else := {"outcome": "failed", "violations": unsound} if count(unsound) > 0

else := lib.not_applicable(lib.low_tier) if {
	input.evidence.evaluation.status == "unavailable"
	input.settings.evaluation.requiredFrom in risk.beyond
}

else := lib.unknown(input.evidence.evaluation.reason) if input.evidence.evaluation.status == "unavailable"

else := lib.passed if {
	input.evidence.evaluation.status == "present"
	count(input.evidence.evaluation.files) > 0
	every file in input.evidence.evaluation.files { file.status == "present" }
}

else := lib.failed(block_path, {})

unsound := lib.unsound(input.evidence.evaluation.files, block_path)

# METADATA
# title: The reports were made on this artifact
# description: A report on last month's model says nothing of this one. Every report names the digest of an artifact of the release, and every model artifact is named.
# custom:
#   severity: error
#   message: "The evaluation was not made on this release: {reason}."
#   remediation: "Evaluate this artifact, and let the report say so: `\"model\": {\"digests\": [\"sha256:…\"]}` with the artifact's `digest`."
#   settings: [evaluation.requiredFrom]
#   optional: [input.facts.evaluation.artifacts.place, input.facts.evaluation.reports.places]
#   references: ["SR 26-2: validation of the model that is used", "NIST AI RMF 1.0, MEASURE 2.5"]
#   example:
#     bad: "{\"model\": {\"digests\": [\"sha256:0000…\"]}}  # in the report: no artifact of this release"
#     good: "{\"model\": {\"digests\": [\"sha256:9f86…\"]}}  # in the report: the digest of the artifact `model`"
outcome["evaluation/not-bound-to-artifact"] := result if result := unread(input.settings.evaluation.requiredFrom)

else := result if {
	count(input.facts.evaluation.artifacts) > 0
	result := lib.none_of(lib.at_place(input.facts.evaluation.reports, bound, elsewhere_details, ["places", "model"], block_path) | unmeasured, readable(input.settings.evaluation.requiredFrom))
}

else := lib.failed(block_path, {"reason": "no report can be read"})

bound contains index if {
	some index, report in input.facts.evaluation.reports
	count(report.boundTo) > 0
}

elsewhere_details[index] := {"reason": "the report names no artifact of this release"} if {
	some index, _ in input.facts.evaluation.reports
}

# METADATA
# description: The artifacts that no report names; where a report names none at all, that report is the fault.
unmeasured := lib.at_place(input.facts.evaluation.artifacts, measured, unmeasured_details, ["place"], block_path) if {
	every report in input.facts.evaluation.reports { count(report.boundTo) > 0 }
}

else := set()

measured contains index if {
	some index, artifact in input.facts.evaluation.artifacts
	artifact.bound == true
}

unmeasured_details[index] := {"reason": "no report names the digest of this artifact"} if {
	some index, _ in input.facts.evaluation.artifacts
}

# METADATA
# title: The evaluation and its data are recent
# description: What a model was worth last year, or on last year's data, is no evidence for this release.
# custom:
#   severity: error
#   message: "The {subject} is {ageSeconds} old; this tier allows {maximumSeconds}."
#   remediation: "Evaluate the artifact again on recent data, say in the report when that was collected (`\"collectedAt\"`), commit the report and put its sha256 into `digest`."
#   settings: [evaluation.requiredFrom, evaluation.maximumAgeSeconds, evaluation.maximumDataAgeSeconds]
#   optional: [input.facts.evaluation.ages.place]
#   references: ["NIST AI RMF 1.0, MEASURE 2.4: performance is monitored over time"]
#   example:
#     bad: "{\"evaluatedAt\": \"2025-01-10T09:00:00Z\"}  # in the report"
#     good: "{\"evaluatedAt\": \"2026-10-20T09:00:00Z\"}  # in the report"
outcome["evaluation/stale"] := result if result := unread(input.settings.evaluation.requiredFrom)

else := lib.passed if lib.all_good(input.facts.evaluation.ages, recent, has_ages)

else := result if result := lib.none_of(lib.at_place(input.facts.evaluation.ages, recent, age_details, ["place"], block_path), has_ages)

else := lib.failed(block_path, {})

has_ages if {
	readable(input.settings.evaluation.requiredFrom)
	count(input.facts.evaluation.ages) > 0
}

maximum_age := {
	"report": input.settings.evaluation.maximumAgeSeconds[risk.tier],
	"data": input.settings.evaluation.maximumDataAgeSeconds[risk.tier],
}

recent contains index if {
	some index, age in input.facts.evaluation.ages
	age.ageSeconds <= maximum_age[age.of]
}

age_details[index] := details if {
	some index, age in input.facts.evaluation.ages
	details := {
		"subject": {"report": "evaluation", "data": "evaluation's data"}[age.of],
		"ageSeconds": object.get(age, "ageSeconds", "an unknown time"),
		"maximumSeconds": maximum_age[age.of],
	}
}

# METADATA
# title: The model is not evaluated on what it was trained on
# description: A model knows the answers of its training data, so such a report measures its memory. Data without a digest could be that data.
# custom:
#   severity: error
#   message: "{reason}."
#   remediation: "Evaluate on data that is not under `provenance.trainingData`, and put its digest into the report's `dataset.digest`."
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
	report.dataset == "held-out"
}

dataset_details[index] := {"reason": reason} if {
	some index, report in input.facts.evaluation.reports
	reason := {
		"training": "The evaluation's data has the digest of training data of this release",
		"unpinned": "The report gives no digest of its data, so it may be the training data",
	}[report.dataset]
}

# METADATA
# title: The evaluation has enough samples
# description: A figure from a handful of samples is noise with a decimal point.
# custom:
#   severity: error
#   message: "{name} has {sampleCount} samples; this tier needs at least {minimumCount}."
#   remediation: "Measure on more data, and say so in the report: `\"sampleCount\"` of the data set, and of every metric that has a `slice`."
#   settings: [evaluation.requiredFrom, evaluation.minimumSampleCount, evaluation.minimumSliceSampleCount]
#   optional: [input.facts.evaluation.samples.name, input.facts.evaluation.samples.place]
#   references: ["NIST AI RMF 1.0, MEASURE 2.1: test sets and metrics are documented"]
#   example:
#     bad: "{\"dataset\": {\"name\": \"holdout\", \"sampleCount\": 120}}  # in the report"
#     good: "{\"dataset\": {\"name\": \"holdout\", \"sampleCount\": 20000}}  # in the report"
outcome["evaluation/sample-too-small"] := result if result := unread(input.settings.evaluation.requiredFrom)

else := lib.passed if lib.all_good(input.facts.evaluation.samples, large, has_samples)

else := result if result := lib.none_of(lib.at_place(input.facts.evaluation.samples, large, sample_details, ["place"], block_path), has_samples)

else := lib.failed(block_path, {})

has_samples if {
	readable(input.settings.evaluation.requiredFrom)
	count(input.facts.evaluation.samples) > 0
}

minimum_samples := {
	"data": input.settings.evaluation.minimumSampleCount[risk.tier],
	"metric": input.settings.evaluation.minimumSampleCount[risk.tier],
	"slice": input.settings.evaluation.minimumSliceSampleCount[risk.tier],
}

large contains index if {
	some index, sample in input.facts.evaluation.samples
	sample.sampleCount >= minimum_samples[sample.of]
}

sample_details[index] := details if {
	some index, sample in input.facts.evaluation.samples
	details := {"name": sample.name, "sampleCount": sample.sampleCount, "minimumCount": minimum_samples[sample.of]}
}

# METADATA
# title: What has to be measured is measured
# description: A metric that nobody measured can be as bad as it likes. On all of the data there is one metric of the task, every one that has a limit for this model, and every one that the previous release measured.
# custom:
#   severity: error
#   message: "No report measures {expectedMetrics}: {reason}."
#   remediation: "State `spec.task`, and add the metric to the report without a `slice`: `{\"name\": \"roc_auc\", \"value\": 0.93, \"higherIsBetter\": true}`."
#   settings: [evaluation.requiredFrom, evaluation.taskLimits, evaluation.modelLimits]
#   optional: [input.facts.evaluation.metrics.name, input.facts.evaluation.metrics.slice, input.settings.evaluation.modelLimits, input.settings.evaluation.taskLimits]
#   references: ["NIST AI RMF 1.0, MEASURE 1.1: metrics are chosen for the most significant risks"]
#   example:
#     bad: "{\"metrics\": [{\"name\": \"happiness\", \"value\": 1, \"higherIsBetter\": true}]}  # in the report of a classification"
#     good: "{\"metrics\": [{\"name\": \"roc_auc\", \"value\": 0.93, \"higherIsBetter\": true}]}  # in the report"
outcome["evaluation/metric-missing"] := result if result := unread(input.settings.evaluation.requiredFrom)

else := lib.passed if {
	has_metrics
	task_measured
	count(model_limits) >= 0
	every name, _ in model_limits { name in overall }
	count(input.facts.evaluation.comparison.dropped) == 0
}

else := {"outcome": "failed", "violations": unreported} if count(unreported) > 0

else := lib.failed(block_path, {})

task_limits := input.settings.evaluation.taskLimits[input.facts.evaluation.task]

model_limits := object.get(input.settings.evaluation.modelLimits, input.facts.evaluation.model, {})

limits := object.union(task_limits, model_limits)

overall contains name if {
	some metric in input.facts.evaluation.metrics
	metric.slice == ""
	name := metric.name
}

task_measured if task_limits == {}

task_measured if {
	some name, _ in task_limits
	name in overall
}

unreported contains lib.violation(["spec", "task"], details) if {
	input.facts.evaluation.task == "unstated"
	details := {"expectedMetrics": "a metric of the task", "reason": "`spec.task` is not stated"}
}

unreported contains lib.violation(block_path, details) if {
	count(task_limits) > 0
	not task_measured
	names := [name | some name, _ in task_limits]
	details := {"expectedMetrics": names, "reason": "a release of this task measures at least one of them"}
}

unreported contains lib.violation(block_path, {"expectedMetrics": name, "reason": "the settings limit it for this model"}) if {
	some name, _ in model_limits
	not name in overall
}

unreported contains lib.violation(block_path, {"expectedMetrics": name, "reason": "the previous release measured it"}) if {
	some name in input.facts.evaluation.comparison.dropped
}

# METADATA
# title: A metric holds its limit
# description: The least that a release has to be worth, by task and by model.
# custom:
#   severity: error
#   message: "{name} is {value}, which is beyond its limit ({limit})."
#   remediation: "Mend the model; or have the limit changed, at the base, in `settings: {evaluation: {taskLimits: …, modelLimits: …}}`."
#   settings: [evaluation.requiredFrom, evaluation.taskLimits, evaluation.modelLimits]
#   optional: [input.facts.evaluation.metrics.place, input.settings.evaluation.modelLimits, input.settings.evaluation.taskLimits]
#   references: ["NIST AI RMF 1.0, MANAGE 1.1: a go or no-go decision is made"]
#   example:
#     bad: "{\"name\": \"roc_auc\", \"value\": 0.55, \"higherIsBetter\": true}  # in the report"
#     good: "{\"name\": \"roc_auc\", \"value\": 0.93, \"higherIsBetter\": true}  # in the report"
outcome["evaluation/below-threshold"] := result if result := unread(input.settings.evaluation.requiredFrom)

else := lib.not_applicable("the task is not stated: see evaluation/metric-missing") if {
	input.facts.evaluation.task == "unstated"
}

else := lib.passed if lib.all_good(input.facts.evaluation.metrics, holding, has_metrics)

else := result if result := lib.none_of(lib.at_place(input.facts.evaluation.metrics, holding, limit_details, ["place"], block_path), has_metrics)

else := lib.failed(block_path, {})

holding contains index if {
	some index, metric in input.facts.evaluation.metrics
	metric.slice != ""
}

holding contains index if {
	some index, metric in input.facts.evaluation.metrics
	metric.slice == ""
	name := metric.name
	limit := object.get(limits, name, {})
	metric.value >= object.get(limit, "minimum", metric.value)
	metric.value <= object.get(limit, "maximum", metric.value)
}

limit_details[index] := details if {
	some index, metric in input.facts.evaluation.metrics
	details := {"name": metric.name, "value": metric.value, "limit": limits[metric.name]}
}

has_metrics if {
	readable(input.settings.evaluation.requiredFrom)
	count(input.facts.evaluation.metrics) > 0
}

# METADATA
# title: A release is not worse than the one before
# description: An update that loses accuracy should be a decision of a person, not an accident of a night. Metrics of which less is better, such as error rates, are small numbers and have a limit of their own.
# custom:
#   severity: error
#   message: "{name} was {previousValue} in the previous release and is {value}: worse by a share of {regressionRatio}; this tier allows {maximumRatio}."
#   remediation: "Keep the previous release and find out why; if the loss is meant, have `.changegate/waivers.yaml` say why it is, in a pull request before this one."
#   settings: [evaluation.requiredFrom, evaluation.maximumDropRatio, evaluation.maximumRiseRatio]
#   optional: [input.facts.evaluation.comparison.dropped, input.facts.evaluation.comparison.metrics.label, input.facts.evaluation.comparison.metrics.name, input.facts.evaluation.comparison.metrics.place, input.facts.evaluation.comparison.metrics.previousValue, input.facts.evaluation.comparison.metrics.value, input.settings.evaluation.maximumRiseRatio]
#   references: ["SR 26-2: outcomes analysis", "NIST AI RMF 1.0, MEASURE 4.3"]
#   example:
#     bad: "{\"name\": \"precision\", \"value\": 0.71, \"higherIsBetter\": true}  # it was 0.9"
#     good: "{\"name\": \"precision\", \"value\": 0.9, \"higherIsBetter\": true}"
outcome["evaluation/regressed"] := result if result := unread(input.settings.evaluation.requiredFrom)

else := lib.not_applicable("there is no previous release") if input.previous.status == "absent"

else := lib.unknown(input.previous.reason) if input.previous.status in {"invalid", "unavailable"}

else := lib.not_applicable(comparison.reason) if comparison.status == "absent"

else := lib.unknown(comparison.reason) if comparison.status in {"invalid", "unavailable"}

else := lib.not_applicable("the reports have no metric in common: see evaluation/metric-missing") if {
	comparison.status == "present"
	count(input.facts.evaluation.comparison.metrics) == 0
	count(input.facts.evaluation.comparison.dropped) > 0
}

else := lib.passed if lib.all_good(input.facts.evaluation.comparison.metrics, kept, comparable)

else := result if result := lib.none_of(lib.at_place(input.facts.evaluation.comparison.metrics, kept, kept_details, ["place"], block_path), comparable)

else := lib.failed(block_path, {})

comparison := input.evidence.evaluation.comparison

comparable if {
	readable(input.settings.evaluation.requiredFrom)
	input.previous.status == "present"
	comparison.status == "present"
	count(input.facts.evaluation.comparison.metrics) > 0
}

maximum_loss(metric) := input.settings.evaluation.maximumDropRatio[risk.tier] if metric.higherIsBetter == true

maximum_loss(metric) := input.settings.evaluation.maximumRiseRatio[risk.tier] if metric.higherIsBetter == false

kept contains index if {
	some index, metric in input.facts.evaluation.comparison.metrics
	metric.sameDirection == true
	metric.regressionRatio <= maximum_loss(metric)
}

kept_details[index] := details if {
	some index, metric in input.facts.evaluation.comparison.metrics
	details := {
		"name": metric.label, "value": metric.value, "previousValue": metric.previousValue,
		"regressionRatio": object.get(metric, "regressionRatio", "more than any share"),
		"maximumRatio": maximum_loss(metric),
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
#   optional: [input.facts.evaluation.reports.places]
#   references: ["Kapoor and Narayanan, Leakage and the reproducibility crisis in machine-learning-based science, Patterns 4(9), 2023"]
#   example:
#     bad: "{\"checks\": {}}  # in the report"
#     good: "{\"checks\": {\"leakage\": {\"checked\": true, \"found\": false}}}  # in the report"
outcome["evaluation/leakage-unchecked"] := result if result := unread(input.settings.evaluation.leakageFrom)

else := result if result := lib.none_of(lib.at_place(input.facts.evaluation.reports, leak_checked, {}, ["places", "checks"], block_path), readable(input.settings.evaluation.leakageFrom))

else := lib.failed(block_path, {})

leak_checked contains index if {
	some index, report in input.facts.evaluation.reports
	report.leakage in {"none", "found"}
}

# METADATA
# title: No leakage was found
# description: A report that found leakage in its own data is no evidence.
# custom:
#   severity: error
#   message: The report says that its data leaked into the training.
#   remediation: "Take the leaked samples out, train and evaluate again, and commit the new report with its sha256."
#   settings: [evaluation.requiredFrom]
#   optional: [input.facts.evaluation.reports.places]
#   references: ["Kapoor and Narayanan, Leakage and the reproducibility crisis in machine-learning-based science, Patterns 4(9), 2023"]
#   example:
#     bad: "{\"checks\": {\"leakage\": {\"checked\": true, \"found\": true}}}  # in the report"
#     good: "{\"checks\": {\"leakage\": {\"checked\": true, \"found\": false}}}  # in the report"
outcome["evaluation/leakage-found"] := result if result := unread(input.settings.evaluation.requiredFrom)

else := result if result := lib.none_of(lib.at_place(input.facts.evaluation.reports, unleaked, {}, ["places", "checks"], block_path), readable(input.settings.evaluation.requiredFrom))

else := lib.failed(block_path, {})

unleaked contains index if {
	some index, report in input.facts.evaluation.reports
	report.leakage in {"none", "unchecked"}
}

# METADATA
# title: The latency of an objective was measured
# description: A larger model is slower. Whether it keeps its objective is measured before the release, or by the users after it.
# custom:
#   severity: error
#   message: "No report measures the latency that the objective {name} limits."
#   remediation: "Measure this artifact under load, and add the percentile of the objective to the report: `\"latency\": [{\"percentile\": 95, \"valueMs\": 210}]`."
#   settings: [evaluation.latencyFrom]
#   optional: [input.facts.evaluation.latency.name, input.facts.evaluation.latency.place]
#   references: ["https://sre.google/workbook/implementing-slos/"]
#   example:
#     bad: "slos: [{name: latency-p95, thresholdMs: 300, objective: 0.95, window: 30d}]  # and no `latency` in the report"
#     good: "{\"latency\": [{\"percentile\": 95, \"valueMs\": 210}]}  # in the report"
outcome["evaluation/latency-unmeasured"] := result if result := unread(input.settings.evaluation.latencyFrom)

else := lib.not_applicable("no objective limits the latency") if count(input.facts.evaluation.latency) == 0

else := lib.passed if lib.all_good(input.facts.evaluation.latency, timed, readable(input.settings.evaluation.latencyFrom))

else := result if result := lib.none_of(lib.at_place(input.facts.evaluation.latency, timed, latency_names, ["place"], block_path), readable(input.settings.evaluation.latencyFrom))

else := lib.failed(block_path, {})

timed contains index if {
	some index, slo in input.facts.evaluation.latency
	slo.measured == true
}

latency_names[index] := details if {
	some index, slo in input.facts.evaluation.latency
	details := {"name": slo.name}
}

# METADATA
# title: The measured latency keeps the objective
# description: The percentile of the report, or a higher one, stays under the objective's threshold.
# custom:
#   severity: error
#   message: "The report measures {valueMs} at P{percentile}, where the objective {name} allows {thresholdMs}."
#   remediation: "Make the model faster (quantize, batch, more replicas) and measure again; or change the objective in a pull request of its own."
#   settings: [evaluation.requiredFrom]
#   optional: [input.facts.evaluation.latency.name, input.facts.evaluation.latency.percentile, input.facts.evaluation.latency.place]
#   references: ["https://sre.google/workbook/implementing-slos/"]
#   example:
#     bad: "{\"latency\": [{\"percentile\": 95, \"valueMs\": 410}]}  # in the report, beside thresholdMs: 300"
#     good: "{\"latency\": [{\"percentile\": 95, \"valueMs\": 210}]}  # in the report"
outcome["evaluation/latency-over-slo"] := result if result := unread(input.settings.evaluation.requiredFrom)

else := lib.not_applicable("no objective limits the latency") if count(input.facts.evaluation.latency) == 0

else := lib.passed if lib.all_good(input.facts.evaluation.latency, fast, readable(input.settings.evaluation.requiredFrom))

else := result if result := lib.none_of(lib.at_place(input.facts.evaluation.latency, fast, latency_details, ["place"], block_path), readable(input.settings.evaluation.requiredFrom))

else := lib.failed(block_path, {})

fast contains index if {
	some index, slo in input.facts.evaluation.latency
	slo.measured == false
}

fast contains index if {
	some index, slo in input.facts.evaluation.latency
	slo.measured == true
	slo.valueMs <= slo.thresholdMs
}

latency_details[index] := details if {
	some index, slo in input.facts.evaluation.latency
	details := {
		"name": slo.name, "percentile": slo.percentile,
		"valueMs": slo.valueMs, "thresholdMs": slo.thresholdMs,
	}
}

# METADATA
# description: |
#   Why a rule on what the reports say is not asked, or cannot tell: the tier is below `from`, there is no report, or one
#   cannot be had from here. Otherwise undefined, and the rule goes on.
unread(from) := lib.not_applicable(lib.low_tier) if {
	from in risk.beyond
} else := lib.not_applicable(no_report) if {
	input.evidence.evaluation.status in {"absent", "invalid"}
} else := lib.unknown(input.evidence.evaluation.reason) if {
	input.evidence.evaluation.status == "unavailable"
}

# METADATA
# description: Whether there is a report to judge, and the tier from which it is judged is one that exists.
readable(from) if {
	from in lib.tiers
	input.evidence.evaluation.status == "present"
	count(input.facts.evaluation.reports) > 0
}
