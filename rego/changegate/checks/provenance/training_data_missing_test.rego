package changegate.checks.provenance_test

test_training_data_missing_fires_on_none if {
	only("provenance/training-data-missing", [put("/facts/provenance/trainingData", [])], failed(training_data, {}))
}

test_training_data_missing_passes if passes("provenance/training-data-missing", [])

test_training_data_missing_missing_fact_fails if {
	failures("high", [drop("/facts/provenance/trainingData")]) == {
		"provenance/training-data-missing", "provenance/training-data-unpinned",
		"provenance/training-data-too-old", "provenance/data-licence-not-allowed",
	}
}
