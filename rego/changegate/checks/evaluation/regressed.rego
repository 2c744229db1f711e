package changegate.checks.evaluation

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A release is not worse than the one before
# description: An update that loses accuracy should be a decision of a person, not an accident of a night. Metrics of which less is better, such as error rates, are small numbers and have a limit of their own.
# custom:
#   severity: error
#   message: "{name} was {previousValue} in the previous release and is {value}. That is worse by {regressionRatio%}; this tier allows {maximumRatio%}."
#   remediation: "Keep the previous release and find out why. If the loss is meant, have it waived in .changegate/waivers.yaml, in a pull request before this one: `{rule: evaluation/regressed, model: {model}, reason: …, approvedBy: …, expires: …}`."
#   settings: [evaluation.requiredFrom, evaluation.maximumDropRatio, evaluation.maximumRiseRatio, evaluation.metricNames]
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
