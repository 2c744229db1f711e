package changegate.checks.evaluation_test

import data.changegate.checks.evaluation

file := "evidence/evaluation.json"

at(path) := {"at": {"file": file, "revision": "head", "path": path}}

metrics := [
	{"name": "roc_auc", "slice": "", "value": 0.96, "place": at(["metrics", 0, "value"])},
	{"name": "fpr", "slice": "", "value": 0.012, "place": at(["metrics", 1, "value"])},
	{"name": "roc_auc", "slice": "country=DE", "value": 0.4, "place": at(["metrics", 2, "value"])},
]

compared := [
	{
		"name": "roc_auc", "slice": "", "label": "roc_auc", "value": 0.96, "previousValue": 0.97, "higherIsBetter": true,
		"sameDirection": true, "regressionRatio": 0.01, "place": at(["metrics", 0, "value"]),
	},
	{
		"name": "fpr", "slice": "", "label": "fpr", "value": 0.012, "previousValue": 0.0115, "higherIsBetter": false,
		"sameDirection": true, "regressionRatio": 0.05, "place": at(["metrics", 1, "value"]),
	},
]

latency := [{
	"name": "latency-p95", "thresholdMs": 300, "measured": true, "percentile": 95, "valueMs": 88,
	"place": at(["latency", 0, "valueMs"]),
}]

places := {"model": at(["model"]), "dataset": at(["dataset", "digest"]), "checks": at(["checks", "leakage"])}

report := {
	"file": file, "boundTo": ["model"], "dataset": "held-out", "leakage": "none", "foldsCount": 5, "places": places,
}

settings := {
	"requiredFrom": "medium",
	"leakageFrom": "high",
	"latencyFrom": "medium",
	"maximumAgeSeconds": {"low": 4000, "medium": 3000, "high": 2000, "critical": 1500},
	"maximumDataAgeSeconds": {"low": 9000, "medium": 8000, "high": 7000, "critical": 6000},
	"minimumSampleCount": {"low": 0, "medium": 1000, "high": 5000, "critical": 10000},
	"minimumSliceSampleCount": {"low": 0, "medium": 100, "high": 200, "critical": 500},
	"maximumDropRatio": {"low": 1, "medium": 0.05, "high": 0.02, "critical": 0.01},
	"maximumRiseRatio": {"low": 1, "medium": 0.2, "high": 0.1, "critical": 0.05},
	"taskLimits": {"classification": {"roc_auc": {"minimum": 0.6}, "accuracy": {}}, "other": {}},
	"modelLimits": {"fraud-detector": {"fpr": {"maximum": 0.02}}},
}

good := {
	"previous": {"status": "present"},
	"evidence": {"evaluation": {"status": "present", "files": [{"status": "present"}], "comparison": {"status": "present"}}},
	"facts": {"evaluation": {
		"block": "present",
		"task": "classification",
		"model": "fraud-detector",
		"artifacts": [{"name": "model", "pinned": true, "bound": true, "place": {"path": ["spec", "artifacts", 0]}}],
		"reports": [report],
		"ages": [
			{"of": "report", "ageSeconds": 1000, "place": at(["evaluatedAt"])},
			{"of": "data", "ageSeconds": 5000, "place": at(["dataset", "collectedAt"])},
		],
		"samples": [
			{"name": "holdout", "of": "data", "sampleCount": 20000, "place": at(["dataset", "sampleCount"])},
			{
				"name": "roc_auc of country=DE", "of": "slice", "sampleCount": 600,
				"place": at(["metrics", 2, "sampleCount"]),
			},
		],
		"metrics": metrics,
		"latency": latency,
		"comparison": {"metrics": compared, "dropped": []},
	}},
	"settings": {"evaluation": settings},
}

outcomes(tier, patches) := result if {
	result := evaluation.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "add", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

fact(path, value) := put(array.concat(["facts", "evaluation"], path), value)

no_fact(path) := drop(array.concat(["facts", "evaluation"], path))

passed := {"outcome": "passed"}

failed(path, details) := {"outcome": "failed", "violations": {{"path": path, "details": details}}}

failed_at(path, details) := {"outcome": "failed", "violations": {object.union(at(path), {"details": details})}}

block_path := ["spec", "evaluation"]

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

statuses(tier, patches) := {outcome.outcome | some outcome in outcomes(tier, patches)}

reads_reports := {id |
	some id, _ in outcomes("critical", [])
	not id in {"evaluation/missing", "evaluation/invalid-evidence"}
}

test_good_passes_every_rule if {
	found := outcomes("critical", [])
	count(found) == 13
	{outcome | some outcome in found} == {passed}
}

test_low_tier_is_asked_for_nothing if {
	statuses("low", [drop("/facts/evaluation"), put("/evidence/evaluation", {"status": "absent", "reason": "none"})]) == {
		"not-applicable",
	}
}

test_no_facts_pass_nothing if {
	failures("critical", [drop("/facts/evaluation")]) == {id |
		some id, _ in outcomes("critical", [])
		id != "evaluation/invalid-evidence"
	}
}

test_no_evidence_passes_nothing if {
	statuses("critical", [drop("/evidence/evaluation")]) == {"failed"}
}

test_no_settings_fail_closed if {
	{id | some id, outcome in outcomes("critical", [drop("/settings/evaluation")]); outcome == passed} == {
		"evaluation/invalid-evidence",
	}
	failures("critical", [drop("/settings/evaluation/leakageFrom")]) == {"evaluation/leakage-unchecked"}
	failures("critical", [drop("/settings/evaluation/latencyFrom")]) == {"evaluation/latency-unmeasured"}
}

nothing := [
	put("/evidence/evaluation", {"status": "absent", "reason": "none", "files": [], "comparison": {"status": "absent", "reason": "none"}}),
	fact(["block"], "absent"),
	fact(["reports"], []),
]

test_missing_fires_alone if {
	failures("high", nothing) == {"evaluation/missing"}
	outcomes("high", nothing)["evaluation/missing"] == failed(block_path, {})
	failures("high", array.concat(nothing, [fact(["block"], "not-applicable")])) == {"evaluation/missing"}
}

test_missing_passes_whatever_the_report_says if {
	outcomes("high", [put("/evidence/evaluation/status", "invalid")])["evaluation/missing"] == passed
}

test_missing_missing_keys if {
	"evaluation/missing" in failures("high", [no_fact(["block"])])
	"evaluation/missing" in failures("high", [drop("/evidence/evaluation/files")])
}

broken := {
	"status": "invalid", "reason": "it is not JSON",
	"place": {"at": {"file": file, "revision": "head", "line": 3, "column": 1}},
}

test_invalid_evidence_fires_alone if {
	changed := [
		put("/evidence/evaluation/status", "invalid"),
		put("/evidence/evaluation/reason", "it is not JSON"),
		put("/evidence/evaluation/files", [broken]),
	]
	failures("high", changed) == {"evaluation/invalid-evidence"}
	outcomes("high", changed)["evaluation/invalid-evidence"] == {
		"outcome": "failed",
		"violations": {{"at": broken.place.at, "details": {"reason": "it is not JSON"}}},
	}
	{outcomes("high", changed)[id].outcome | some id in reads_reports} == {"not-applicable"}
}

test_invalid_evidence_fires_for_one_of_two_and_in_every_tier if {
	absent := {"status": "absent", "reason": "it is not there", "place": {"path": ["spec", "evaluation", "evidence", 1, "path"]}}
	changed := [put("/evidence/evaluation/files/-", absent)]
	failures("low", changed) == {"evaluation/invalid-evidence"}
	outcomes("high", changed)["evaluation/invalid-evidence"] == failed(
		["spec", "evaluation", "evidence", 1, "path"],
		{"reason": "it is not there"},
	)
}

test_invalid_evidence_passes_for_two_sound_reports if {
	failures("high", [put("/evidence/evaluation/files/-", {"status": "present"})]) == set()
}

test_invalid_evidence_missing_keys if {
	every path in ["/evidence/evaluation/status", "/evidence/evaluation/files", "/evidence/evaluation/files/0/status"] {
		"evaluation/invalid-evidence" in failures("high", [drop(path)])
	}
}

unavailable := [
	put("/evidence/evaluation/status", "unavailable"),
	put("/evidence/evaluation/reason", "it was not handed in"),
	put("/evidence/evaluation/files/0", {"status": "unavailable", "reason": "it was not handed in"}),
]

test_unavailable_is_unknown if {
	unknown := {id | some id, outcome in outcomes("high", unavailable); outcome.outcome == "unknown"}
	unknown == reads_reports | {"evaluation/invalid-evidence"}
	statuses("low", unavailable) == {"not-applicable"}
}

test_not_bound_to_artifact_fires_alone_at_the_report if {
	changed := [fact(["reports", 0, "boundTo"], []), fact(["artifacts", 0, "bound"], false)]
	failures("high", changed) == {"evaluation/not-bound-to-artifact"}
	outcomes("high", changed)["evaluation/not-bound-to-artifact"] == failed_at(
		["model"],
		{"reason": "the report names no artifact of this release"},
	)
}

test_not_bound_to_artifact_fires_alone_at_the_artifact if {
	second := {"name": "adapter", "pinned": true, "bound": false, "place": {"path": ["spec", "artifacts", 1]}}
	changed := [fact(["artifacts", "-"], second)]
	failures("high", changed) == {"evaluation/not-bound-to-artifact"}
	outcomes("high", changed)["evaluation/not-bound-to-artifact"] == failed(
		["spec", "artifacts", 1],
		{"reason": "no report names the digest of this artifact"},
	)
}

test_not_bound_to_artifact_passes_where_each_is_named_by_a_report if {
	second := {"name": "adapter", "pinned": true, "bound": true, "place": {"path": ["spec", "artifacts", 1]}}
	failures("high", [
		fact(["artifacts", "-"], second),
		fact(["reports", "-"], object.union(report, {"boundTo": ["adapter"]})),
	]) == set()
}

test_not_bound_to_artifact_missing_keys if {
	every path in [["artifacts"], ["reports", 0, "boundTo"], ["artifacts", 0, "bound"]] {
		"evaluation/not-bound-to-artifact" in failures("high", [no_fact(path)])
	}
}

test_stale_fires_alone_for_the_report if {
	changed := [fact(["ages", 0, "ageSeconds"], 2500)]
	failures("high", changed) == {"evaluation/stale"}
	outcomes("high", changed)["evaluation/stale"] == failed_at(
		["evaluatedAt"],
		{"subject": "evaluation", "ageSeconds": 2500, "maximumSeconds": 2000},
	)
	failures("medium", changed) == set()
}

test_stale_fires_alone_for_its_data if {
	changed := [fact(["ages", 1, "ageSeconds"], 7500)]
	failures("high", changed) == {"evaluation/stale"}
	outcomes("high", changed)["evaluation/stale"] == failed_at(
		["dataset", "collectedAt"],
		{"subject": "evaluation's data", "ageSeconds": 7500, "maximumSeconds": 7000},
	)
}

test_stale_passes_at_the_limit if failures("high", [fact(["ages", 0, "ageSeconds"], 2000)]) == set()

test_stale_missing_age_fails if {
	outcomes("high", [no_fact(["ages", 1, "ageSeconds"])])["evaluation/stale"] == failed_at(
		["dataset", "collectedAt"],
		{"subject": "evaluation's data", "ageSeconds": "an unknown time", "maximumSeconds": 7000},
	)
	every path in [["ages"], ["ages", 0, "of"]] {
		"evaluation/stale" in failures("high", [no_fact(path)])
	}
	"evaluation/stale" in failures("high", [fact(["ages"], [])])
	"evaluation/stale" in failures("high", [drop("/settings/evaluation/maximumAgeSeconds/high")])
}

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

test_metric_missing_fires_alone_for_the_task if {
	changed := [fact(["metrics", 0, "name"], "happiness"), drop("/settings/evaluation/modelLimits/fraud-detector")]
	failures("high", changed) == {"evaluation/metric-missing"}
	outcomes("high", changed)["evaluation/metric-missing"] == failed(block_path, {
		"expectedMetrics": ["accuracy", "roc_auc"],
		"reason": "a release of this task measures at least one of them",
	})
}

test_metric_missing_fires_alone_for_the_model if {
	changed := [fact(["metrics", 1, "slice"], "country=DE")]
	failures("high", changed) == {"evaluation/metric-missing"}
	outcomes("high", changed)["evaluation/metric-missing"] == failed(
		block_path,
		{"expectedMetrics": "fpr", "reason": "the settings limit it for this model"},
	)
}

test_metric_missing_fires_alone_for_the_previous_release if {
	changed := [fact(["comparison", "dropped"], ["recall"])]
	failures("high", changed) == {"evaluation/metric-missing"}
	outcomes("high", changed)["evaluation/metric-missing"] == failed(
		block_path,
		{"expectedMetrics": "recall", "reason": "the previous release measured it"},
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
	every path in [["metrics"], ["metrics", 0, "name"], ["metrics", 0, "value"], ["metrics", 0, "slice"], ["model"], ["task"]] {
		"evaluation/below-threshold" in failures("high", [no_fact(path)])
	}
	every key in ["taskLimits", "modelLimits"] {
		"evaluation/below-threshold" in failures("high", [drop(["settings", "evaluation", key])])
	}
}

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

test_leakage_unchecked_fires_alone if {
	changed := [fact(["reports", 0, "leakage"], "unchecked")]
	failures("high", changed) == {"evaluation/leakage-unchecked"}
	outcomes("high", changed)["evaluation/leakage-unchecked"] == failed_at(["checks", "leakage"], {})
}

test_leakage_unchecked_passes_where_nobody_has_to_look if {
	failures("medium", [fact(["reports", 0, "leakage"], "unchecked")]) == set()
}

test_leakage_unchecked_missing_keys if {
	every path in [["reports"], ["reports", 0, "leakage"]] {
		"evaluation/leakage-unchecked" in failures("high", [no_fact(path)])
	}
}

test_leakage_found_fires_alone if {
	changed := [fact(["reports", 0, "leakage"], "found")]
	failures("medium", changed) == {"evaluation/leakage-found"}
	failures("high", changed) == {"evaluation/leakage-found"}
	outcomes("medium", changed)["evaluation/leakage-found"] == failed_at(["checks", "leakage"], {})
}

test_leakage_found_passes_what_was_not_looked_for if {
	outcomes("high", [fact(["reports", 0, "leakage"], "unchecked")])["evaluation/leakage-found"] == passed
}

test_leakage_found_missing_keys if {
	every path in [["reports"], ["reports", 0, "leakage"]] {
		"evaluation/leakage-found" in failures("medium", [no_fact(path)])
	}
}

unmeasured := [
	fact(["latency", 0, "measured"], false),
	fact(["latency", 0, "place"], {"path": ["spec", "slos", 0]}),
]

test_latency_unmeasured_fires_alone if {
	failures("high", unmeasured) == {"evaluation/latency-unmeasured"}
	outcomes("high", unmeasured)["evaluation/latency-unmeasured"] == failed(["spec", "slos", 0], {"name": "latency-p95"})
}

test_latency_unmeasured_passes_where_it_was_measured_and_is_not_asked_without_an_objective if {
	outcomes("high", [])["evaluation/latency-unmeasured"] == passed
	outcomes("high", [fact(["latency"], [])])["evaluation/latency-unmeasured"].outcome == "not-applicable"
}

test_latency_unmeasured_missing_keys if {
	every path in [["latency"], ["latency", 0, "measured"]] {
		"evaluation/latency-unmeasured" in failures("high", [no_fact(path)])
	}
	nameless := array.concat(unmeasured, [no_fact(["latency", 0, "name"])])
	outcomes("high", nameless)["evaluation/latency-unmeasured"] == failed(["spec", "slos", 0], {})
}

test_latency_over_slo_fires_alone if {
	changed := [fact(["latency", 0, "valueMs"], 301)]
	failures("high", changed) == {"evaluation/latency-over-slo"}
	outcomes("high", changed)["evaluation/latency-over-slo"] == failed_at(
		["latency", 0, "valueMs"],
		{"name": "latency-p95", "percentile": 95, "valueMs": 301, "thresholdMs": 300},
	)
}

test_latency_over_slo_passes_at_the_threshold if {
	failures("high", [fact(["latency", 0, "valueMs"], 300)]) == set()
	outcomes("high", [fact(["latency"], [])])["evaluation/latency-over-slo"].outcome == "not-applicable"
}

test_latency_over_slo_missing_keys if {
	every path in [["latency"], ["latency", 0, "measured"], ["latency", 0, "valueMs"], ["latency", 0, "thresholdMs"]] {
		"evaluation/latency-over-slo" in failures("high", [no_fact(path)])
	}
}
