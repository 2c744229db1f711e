package changegate.checks.provenance_test

test_training_data_too_old_fires_alone if {
	old := [put("/facts/provenance/trainingData/0/ageSeconds", 900000)]
	expected := failed(array.concat(training_data, [0, "snapshotAt"]), {
		"name": "transactions", "ageSeconds": 900000, "maximumAgeSeconds": 800000,
	})
	only("provenance/training-data-too-old", old, expected)
}

test_training_data_too_old_passes_what_is_young_or_states_no_age if {
	passes("provenance/training-data-too-old", [put("/facts/provenance/trainingData/0/ageSeconds", 800000)])
	passes("provenance/training-data-too-old", [drop("/facts/provenance/trainingData/0/ageSeconds")])
}

test_training_data_too_old_missing_keys_fail if {
	failures("high", [drop("/settings/provenance/maximumTrainingDataAgeSeconds")]) == {"provenance/training-data-too-old"}
	"provenance/training-data-too-old" in failures("high", [drop("/facts/provenance/trainingData")])
}
