package changegate.checks.evaluation

import data.changegate.lib

# METADATA
# title: What has to be measured is measured
# description: A metric that nobody measured can be as bad as it likes. On all of the data there is one metric of the task, every one that has a limit for this model, and every one that the previous release measured.
# custom:
#   severity: error
#   message: "No report measures {expectedMetrics}: {reason}."
#   remediation: 'Measure it on all of the data, and add it to the report''s `metrics`, without a `slice`: `{"name": "{metric}", "value": …, "higherIsBetter": …}`. Where `spec.task` is not stated, state what the model does, such as `task: classification`.'
#   settings: [evaluation.requiredFrom, evaluation.taskLimits, evaluation.modelLimits, evaluation.metricNames]
#   optional: [input.facts.evaluation.comparison.metrics, input.facts.evaluation.metrics.name, input.facts.evaluation.metrics.names, input.facts.evaluation.metrics.slice, input.settings.evaluation.modelLimits, input.settings.evaluation.taskLimits]
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

overall contains name if {
	some metric in input.facts.evaluation.metrics
	metric.slice == ""
	some name in metric.names
}

task_measured if task_limits == {}

task_measured if {
	some name, _ in task_limits
	name in overall
}

unreported contains lib.finding(["spec", "task"], details) if {
	input.facts.evaluation.task == "unstated"
	details := {"expectedMetrics": "a metric of the task", "reason": "`spec.task` is not stated"}
}

unreported contains lib.finding(block_path, details) if {
	count(task_limits) > 0
	not task_measured
	names := [name | some name, _ in task_limits]
	details := {"expectedMetrics": names, "metric": names[0], "reason": "a release of this task measures at least one of them"}
}

unreported contains lib.finding(block_path, {"expectedMetrics": name, "metric": name, "reason": "the settings limit it for this model"}) if {
	some name, _ in model_limits
	not name in overall
}

unreported contains lib.beside(lib.finding(block_path, details), measured_before) if {
	some name in input.facts.evaluation.comparison.dropped
	details := {"expectedMetrics": name, "metric": name, "reason": "the previous release measured it"}
	measured_before := [place | some place in input.facts.evaluation.comparison.droppedFrom[name]]
}
