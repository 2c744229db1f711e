package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: Training data is not older than the world that it is for
# description: A model knows nothing of what came after its data. How old data may be depends on the risk; only an age that is stated is judged.
# custom:
#   severity: warning
#   message: "The training data {name} was taken {ageSeconds} ago; {maximumAgeSeconds} are allowed at this tier."
#   remediation: "Train on a newer snapshot and name it, or say in the pull request why older data still fits: this is advice."
#   settings: [provenance.trainingDataFrom, provenance.maximumTrainingDataAgeSeconds]
#   optional: [input.facts.provenance.trainingData.name, input.facts.provenance.trainingData.ageSeconds, input.facts.external]
#   references: ["NIST AI RMF 1.0, MAP 2.3", "Regulation (EU) 2024/1689, Article 10"]
#   example:
#     bad: "snapshotAt: 2019-01-01T00:00:00Z"
#     good: "snapshotAt: 2026-10-01T00:00:00Z"
outcome["provenance/training-data-too-old"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.trainingDataFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(made_elsewhere) if taken_over

else := lib.not_applicable("no training data is named: see provenance/training-data-missing") if {
	input.facts.provenance.trainingData == []
}

else := result if {
	asked(input.settings.provenance.trainingDataFrom)
	is_number(oldest)
	result := lib.none_of(aged, has_data)
}

else := lib.failed(data_path, {})

oldest := input.settings.provenance.maximumTrainingDataAgeSeconds[risk.tier]

aged contains lib.finding(array.concat(data_path, [index, "snapshotAt"]), object.get(ages, index, {})) if {
	some index, one in input.facts.provenance.trainingData
	one.ageSeconds > oldest
}

ages[index] := details if {
	some index, one in input.facts.provenance.trainingData
	details := {"name": one.name, "ageSeconds": one.ageSeconds, "maximumAgeSeconds": oldest}
}
