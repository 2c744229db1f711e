package changegate.checks.evaluation_test

file := "evidence/evaluation.json"

at(path) := {"at": {"file": file, "revision": "head", "path": path}}

metrics := [
	{"name": "roc_auc", "names": ["roc_auc"], "slice": "", "value": 0.96, "place": at(["metrics", 0, "value"])},
	{"name": "fpr", "names": ["fpr"], "slice": "", "value": 0.012, "place": at(["metrics", 1, "value"])},
	{"name": "roc_auc", "names": ["roc_auc"], "slice": "country=DE", "value": 0.4, "place": at(["metrics", 2, "value"])},
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
	"sampleCount": 20000, "samplesNeeded": 59,
	"place": at(["latency", 0, "valueMs"]), "countPlace": at(["latency", 0, "sampleCount"]),
}]

places := {"model": at(["model"]), "dataset": at(["dataset", "digest"]), "checks": at(["checks", "leakage"])}

report := {
	"file": file, "boundTo": ["model"], "boundBy": "report", "dataset": "held-out", "leakage": "none", "foldsCount": 5, "places": places,
}

settings := {
	"requiredFrom": "medium",
	"requiredMetrics": [{"metric": "recall", "slices": ["country=DE"]}],
	"allowedBindings": {
		"low": ["statement", "report", "signature"], "medium": ["statement", "report", "signature"],
		"high": ["report", "signature"], "critical": ["report", "signature"],
	},
	"leakageFrom": "high",
	"latencyFrom": "medium",
	"minimumLatencySampleCount": {"low": 0, "medium": 30, "high": 30, "critical": 30},
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
		"required": [{
			"item": "recall of country=DE", "slice": "country=DE", "status": "measured", "sampleCount": 700, "said": "it is measured",
			"place": at(["metrics", 2, "value"]),
		}],
		"latency": latency,
		"comparison": {"metrics": compared, "dropped": []},
	}},
	"settings": {"evaluation": settings},
}

outcomes(tier, patches) := result if {
	result := data.changegate.checks.evaluation.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
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
	count(found) == 16
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
	failures("critical", [drop("/settings/evaluation/latencyFrom")]) == {
		"evaluation/latency-unmeasured", "evaluation/latency-sample-too-small",
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
