package changegate.checks.provenance_test

test_training_run_missing_fires if {
	without := [put("/facts/provenance/trainingRun/stated", false)]
	only("provenance/training-run-missing", without, failed(["spec", "provenance", "trainingRun"], {}))
}

test_training_run_missing_passes if passes("provenance/training-run-missing", [])

test_training_run_missing_missing_fact_fails if {
	failures("high", [drop("/facts/provenance/trainingRun/stated")]) == {"provenance/training-run-missing"}
}
