package changegate.checks.provenance_test

test_training_data_unpinned_fires_on_each_weak_or_missing_digest if {
	weak := [
		add("/facts/provenance/trainingData/-", {"name": "weak", "algorithm": "md5", "licence": "CC-BY-4.0"}),
		add("/facts/provenance/trainingData/-", {"name": "none", "licence": "CC-BY-4.0"}),
	]
	strong := ["sha256", "sha512"]
	only("provenance/training-data-unpinned", weak, {"outcome": "failed", "violations": {
		{"path": array.concat(training_data, [1, "digest"]), "details": {"name": "weak", "strongAlgorithms": strong}},
		{"path": array.concat(training_data, [2, "digest"]), "details": {"name": "none", "strongAlgorithms": strong}},
	}})
}

test_training_data_unpinned_passes_with_any_strong_algorithm if {
	passes("provenance/training-data-unpinned", [put("/facts/provenance/trainingData/0/algorithm", "sha512")])
}

test_training_data_unpinned_missing_keys_fail if {
	failures("high", [drop("/facts/provenance/trainingData/0/algorithm")]) == {"provenance/training-data-unpinned"}
	"provenance/training-data-unpinned" in failures("high", [drop("/settings/provenance/strongAlgorithms")])
}
