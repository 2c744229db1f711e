package changegate.checks.evaluation

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The evaluation has enough samples
# description: A figure from a handful of samples is noise with a decimal point.
# custom:
#   severity: error
#   message: "{name} has {sampleCount} samples; this tier needs at least {minimumCount}."
#   remediation: 'Measure on more data, and say in the report on how much: `"sampleCount"` of the data set, and of every metric that has a `slice`. Where a tool''s report cannot say it, say it in the manifest beside its path: `dataset: {name: …, sampleCount: …}`.'
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
	details := {
		"name": sample.name,
		"sampleCount": object.get(sample, "sampleCount", "an unknown number of"),
		"minimumCount": minimum_samples[sample.of],
	}
}
