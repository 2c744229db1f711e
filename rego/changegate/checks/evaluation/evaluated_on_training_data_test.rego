package changegate.checks.evaluation_test

test_evaluated_on_training_data_fires_alone if {
	changed := [fact(["reports", 0, "dataset"], "training")]
	failures("high", changed) == {"evaluation/evaluated-on-training-data"}
	outcomes("high", changed)["evaluation/evaluated-on-training-data"] == failed_at(
		["dataset", "digest"],
		{"reason": "The evaluation's data has the digest of training data of this release"},
	)
}

test_evaluated_on_training_data_fires_alone_without_a_digest if {
	changed := [fact(["reports", 0, "dataset"], "unpinned")]
	failures("high", changed) == {"evaluation/evaluated-on-training-data"}
	outcomes("high", changed)["evaluation/evaluated-on-training-data"] == failed_at(
		["dataset", "digest"],
		{"reason": "The report gives no digest of its data, so it may be the training data"},
	)
}

test_evaluated_on_training_data_passes_only_where_every_report_is_held_out if {
	failures("high", [fact(["reports", "-"], report)]) == set()
	failures("high", [fact(["reports", "-"], object.union(report, {"dataset": "training"}))]) == {
		"evaluation/evaluated-on-training-data",
	}
}

test_evaluated_on_training_data_missing_keys if {
	every path in [["reports"], ["reports", 0, "dataset"]] {
		"evaluation/evaluated-on-training-data" in failures("high", [no_fact(path)])
	}
}
