package changegate.checks.evaluation_test

test_below_threshold_fires_alone if {
	changed := [fact(["metrics", 0, "value"], 0.55)]
	failures("high", changed) == {"evaluation/below-threshold"}
	outcomes("high", changed)["evaluation/below-threshold"] == failed_at(
		["metrics", 0, "value"],
		{"name": "roc_auc", "value": 0.55, "limit": {"minimum": 0.6}},
	)
}

test_below_threshold_fires_alone_above_a_maximum if {
	changed := [fact(["metrics", 1, "value"], 0.021)]
	failures("high", changed) == {"evaluation/below-threshold"}
	outcomes("high", changed)["evaluation/below-threshold"] == failed_at(
		["metrics", 1, "value"],
		{"name": "fpr", "value": 0.021, "limit": {"maximum": 0.02}},
	)
}

test_below_threshold_passes_at_the_limit if {
	failures("high", [fact(["metrics", 0, "value"], 0.6), fact(["metrics", 1, "value"], 0.02)]) == set()
}

test_below_threshold_both_bounds_hold if {
	both := [put("/settings/evaluation/modelLimits/fraud-detector/roc_auc", {"maximum": 0.9})]
	failures("high", both) == {"evaluation/below-threshold"}
	failures("high", array.concat(both, [fact(["metrics", 0, "value"], 0.9)])) == set()
	failures("high", array.concat(both, [fact(["metrics", 0, "value"], 0.59)])) == {"evaluation/below-threshold"}
}

test_below_threshold_missing_keys if {
	every path in [["metrics"], ["metrics", 0, "names"], ["metrics", 0, "value"], ["metrics", 0, "slice"], ["model"], ["task"]] {
		"evaluation/below-threshold" in failures("high", [no_fact(path)])
	}
	every key in ["taskLimits", "modelLimits"] {
		"evaluation/below-threshold" in failures("high", [drop(["settings", "evaluation", key])])
	}
}

test_below_threshold_fires_under_another_name_of_the_metric if {
	changed := [fact(["metrics", 0, "value"], 0.55), fact(["metrics", 0, "names"], ["auroc", "roc_auc"])]
	failures("high", changed) == {"evaluation/below-threshold"}
	failures("high", [fact(["metrics", 0, "names"], ["auroc", "roc_auc"])]) == set()
}
