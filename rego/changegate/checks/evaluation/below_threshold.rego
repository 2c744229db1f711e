package changegate.checks.evaluation

import data.changegate.lib

# METADATA
# title: A metric holds its limit
# description: The least that a release has to be worth, by task and by model.
# custom:
#   severity: error
#   message: "{name} is {value}, which is beyond its limit ({limit})."
#   remediation: "Improve the model and evaluate it again. Or have the limit changed for this model under `settings.evaluation.modelLimits` in .changegate/config.yaml, in a pull request before this one."
#   settings: [evaluation.requiredFrom, evaluation.taskLimits, evaluation.modelLimits, evaluation.metricNames]
#   optional: [input.facts.evaluation.metrics.place, input.facts.evaluation.metrics.name, input.settings.evaluation.modelLimits, input.settings.evaluation.taskLimits]
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
	count(limits) == 2
	count(metric.names) > 0
	limit := limit_of(metric)
	metric.value >= object.get(limit, "minimum", metric.value)
	metric.value <= object.get(limit, "maximum", metric.value)
}

limits := {"model": model_limits, "task": task_limits}

# METADATA
# description: The limit of a metric, under whichever of its names the settings have it; what the model's says goes before the task's.
limit_of(metric) := object.union(named_limit(metric, limits.task), named_limit(metric, limits.model))

named_limit(metric, stated) := array.concat([limit | some name in metric.names; limit := stated[name]], [{}])[0]

limit_details[index] := details if {
	some index, metric in input.facts.evaluation.metrics
	details := {"name": metric.name, "value": metric.value, "limit": limit_of(metric)}
}
