package changegate.checks.evaluation_test

import data.changegate.lib_test

test_metric_missing_fires_alone_for_the_task if {
	changed := [fact(["metrics", 0, "names"], ["happiness"]), drop("/settings/evaluation/modelLimits/fraud-detector")]
	failures("high", changed) == {"evaluation/metric-missing"}
	outcomes("high", changed)["evaluation/metric-missing"] == failed(block_path, {
		"expectedMetrics": ["accuracy", "roc_auc"], "metric": "accuracy",
		"reason": "a release of this task measures at least one of them",
	})
}

test_metric_missing_fires_alone_for_the_model if {
	changed := [fact(["metrics", 1, "slice"], "country=DE")]
	failures("high", changed) == {"evaluation/metric-missing"}
	outcomes("high", changed)["evaluation/metric-missing"] == failed(
		block_path,
		{"expectedMetrics": "fpr", "metric": "fpr", "reason": "the settings limit it for this model"},
	)
}

test_metric_missing_fires_alone_for_the_previous_release if {
	changed := [
		fact(["comparison", "dropped"], ["recall"]),
		fact(["comparison", "droppedFrom"], {"recall": [{"message": "before"}]}),
	]
	failures("high", changed) == {"evaluation/metric-missing"}
	outcomes("high", changed)["evaluation/metric-missing"] == lib_test.seen_with(
		failed(
			block_path,
			{"expectedMetrics": "recall", "metric": "recall", "reason": "the previous release measured it"},
		),
		[{"message": "before"}],
	)
}

test_metric_missing_fires_alone_without_a_task if {
	changed := [fact(["task"], "unstated")]
	failures("high", changed) == {"evaluation/metric-missing"}
	outcomes("high", changed)["evaluation/metric-missing"] == failed(
		["spec", "task"],
		{"expectedMetrics": "a metric of the task", "reason": "`spec.task` is not stated"},
	)
}

test_metric_missing_passes_for_a_task_that_names_none if failures("high", [fact(["task"], "other")]) == set()

test_metric_missing_missing_keys if {
	every path in [["task"], ["model"], ["metrics"], ["comparison"], ["comparison", "dropped"]] {
		"evaluation/metric-missing" in failures("high", [no_fact(path)])
	}
	every key in ["taskLimits", "modelLimits"] {
		"evaluation/metric-missing" in failures("high", [drop(["settings", "evaluation", key])])
	}
}
