package changegate.checks.evaluation_test

test_sample_too_small_fires_alone if {
	changed := [fact(["samples", 0, "sampleCount"], 4999)]
	failures("high", changed) == {"evaluation/sample-too-small"}
	outcomes("high", changed)["evaluation/sample-too-small"] == failed_at(
		["dataset", "sampleCount"],
		{"name": "holdout", "sampleCount": 4999, "minimumCount": 5000},
	)
	failures("medium", changed) == set()
}

test_sample_too_small_fires_alone_for_a_slice if {
	changed := [fact(["samples", 1, "sampleCount"], 0)]
	failures("high", changed) == {"evaluation/sample-too-small"}
	outcomes("high", changed)["evaluation/sample-too-small"] == failed_at(
		["metrics", 2, "sampleCount"],
		{"name": "roc_auc of country=DE", "sampleCount": 0, "minimumCount": 200},
	)
}

test_sample_too_small_passes_at_the_limit if {
	failures("high", [fact(["samples", 0, "sampleCount"], 5000), fact(["samples", 1, "sampleCount"], 200)]) == set()
}

test_sample_too_small_missing_keys if {
	every path in [["samples"], ["samples", 0, "sampleCount"], ["samples", 0, "of"]] {
		"evaluation/sample-too-small" in failures("high", [no_fact(path)])
	}
	"evaluation/sample-too-small" in failures("high", [fact(["samples"], [])])
	"evaluation/sample-too-small" in failures("high", [drop("/settings/evaluation/minimumSliceSampleCount/high")])
}
