package changegate.checks.evaluation_test

test_regressed_fires_alone_on_a_drop if {
	changed := [fact(["comparison", "metrics", 0, "regressionRatio"], 0.05)]
	failures("high", changed) == {"evaluation/regressed"}
	outcomes("high", changed)["evaluation/regressed"] == failed_at(["metrics", 0, "value"], {
		"name": "roc_auc", "value": 0.96, "previousValue": 0.97, "regressionRatio": 0.05, "maximumRatio": 0.02,
	})
	failures("medium", changed) == set()
}

test_regressed_fires_alone_on_a_rise if {
	changed := [fact(["comparison", "metrics", 1, "regressionRatio"], 0.11)]
	failures("high", changed) == {"evaluation/regressed"}
	outcomes("high", changed)["evaluation/regressed"] == failed_at(["metrics", 1, "value"], {
		"name": "fpr", "value": 0.012, "previousValue": 0.0115, "regressionRatio": 0.11, "maximumRatio": 0.1,
	})
}

test_regressed_fires_when_reports_disagree_on_what_is_better if {
	failures("high", [fact(["comparison", "metrics", 0, "sameDirection"], false)]) == {"evaluation/regressed"}
}

test_regressed_fires_from_zero if {
	changed := [no_fact(["comparison", "metrics", 1, "regressionRatio"])]
	failures("high", changed) == {"evaluation/regressed"}
	outcomes("high", changed)["evaluation/regressed"] == failed_at(["metrics", 1, "value"], {
		"name": "fpr", "value": 0.012, "previousValue": 0.0115, "regressionRatio": "more than any share", "maximumRatio": 0.1,
	})
}

test_regressed_passes_at_the_limit if {
	failures("high", [
		fact(["comparison", "metrics", 0, "regressionRatio"], 0.02),
		fact(["comparison", "metrics", 1, "regressionRatio"], 0.1),
	]) == set()
}

test_regressed_statuses if {
	every status, expected in {"absent": "not-applicable", "invalid": "unknown", "unavailable": "unknown"} {
		answer := {"status": status, "reason": "why"}
		outcomes("high", [put("/previous", answer)])["evaluation/regressed"].outcome == expected
		outcomes("high", [put("/evidence/evaluation/comparison", answer)])["evaluation/regressed"] == {
			"outcome": expected,
			"reason": "why",
		}
	}
}

test_regressed_nothing_in_common_is_told_by_the_other_rule if {
	changed := [fact(["comparison"], {"metrics": [], "dropped": ["recall"]})]
	outcomes("high", changed)["evaluation/regressed"].outcome == "not-applicable"
	failures("high", changed) == {"evaluation/metric-missing"}
}

test_regressed_missing_keys if {
	every key in ["regressionRatio", "sameDirection", "higherIsBetter"] {
		failures("high", [no_fact(["comparison", "metrics", 0, key])]) == {"evaluation/regressed"}
	}
	every path in ["/previous/status", "/evidence/evaluation/comparison", "/facts/evaluation/comparison/metrics"] {
		"evaluation/regressed" in failures("high", [drop(path)])
	}
	"evaluation/regressed" in failures("high", [fact(["comparison", "metrics"], [])])
	every key in ["maximumDropRatio", "maximumRiseRatio"] {
		"evaluation/regressed" in failures("high", [drop(["settings", "evaluation", key, "high"])])
	}
}
