package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Training data has a licence that the repository allows
# description: A repository may list the licences of data that models may be trained on. Then each set states one of them.
# custom:
#   severity: error
#   message: "The training data {name} has the licence {licence}, and only {allowed} are allowed."
#   remediation: "State the licence of the data as it is (`license: CC-BY-4.0`). Train on data with one of {allowed}, or have this licence added to `provenance.dataLicences` by those who answer for it."
#   settings: [provenance.trainingDataFrom, provenance.dataLicences]
#   optional: [input.facts.provenance.trainingData.name, input.facts.provenance.trainingData.licence, input.facts.external]
#   references: ["https://spdx.org/licenses/"]
#   example:
#     bad: "trainingData: [{name: reviews, license: CC-BY-NC-4.0, …}]  # and dataLicences: [CC-BY-4.0]"
#     good: "trainingData: [{name: reviews, license: CC-BY-4.0, …}]"
outcome["provenance/data-licence-not-allowed"] := lib.not_applicable("any licence of data is allowed") if {
	"*" in input.settings.provenance.dataLicences
}

else := lib.not_applicable(lib.low_tier) if input.settings.provenance.trainingDataFrom in risk.beyond

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(made_elsewhere) if taken_over

else := lib.not_applicable("no training data is named: see provenance/training-data-missing") if {
	input.facts.provenance.trainingData == []
}

else := result if {
	asked(input.settings.provenance.trainingDataFrom)
	is_array(input.settings.provenance.dataLicences)
	result := lib.none_of(unlicensed, has_data)
}

else := lib.failed(data_path, {})

unlicensed contains lib.finding(array.concat(data_path, [index, "license"]), object.get(licences, index, {})) if {
	some index, _ in input.facts.provenance.trainingData
	not index in licensed
}

licensed contains index if {
	some index, one in input.facts.provenance.trainingData
	one.licence in input.settings.provenance.dataLicences
}

licences[index] := details if {
	some index, one in input.facts.provenance.trainingData
	details := {
		"name": one.name,
		"licence": object.get(one, "licence", "not stated"),
		"allowed": input.settings.provenance.dataLicences,
	}
}
