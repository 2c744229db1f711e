package changegate.checks.fairness_test

file := "evidence/fairness.json"

at(path) := {"at": {"file": file, "revision": "head", "path": path}}

claims := {"tier": "high", "exposure": "production", "affectsUsers": true, "personalData": true}

pair := {
	"lesser": "female", "greater": "male", "said": "they differ", "method": "katz",
	"valueRatio": 0.95, "lowerRatio": 0.91, "upperRatio": 0.99,
}

gap := {
	"lesser": "female", "greater": "male", "said": "they differ", "method": "newcombe",
	"valueRatio": 0.02, "lowerRatio": 0.01, "upperRatio": 0.03,
}

compared(rate, one) := {
	"attribute": "sex", "rate": rate, "status": "known", "without": [],
	"extremes": one, "surest": one, "weakest": one, "weakestPlace": at(["groups", 1, "group"]), "place": at(["groups", 0, "group"]), "extremesPlace": at(["groups", 1, "group"]),
}

member(name, index) := {
	"attribute": "sex", "group": name, "sampleCount": 1000, "positivesCount": 500, "negativesCount": 500,
	"rates": {}, "undefinedRates": [], "place": at(["groups", index, "group"]),
}

good := {
	"previous": {"status": "present"},
	"evidence": {"fairness": {
		"status": "present",
		"files": [{"status": "present", "file": file, "place": at([])}],
		"comparison": {"status": "present"},
	}},
	"facts": {
		"risk": {"claims": claims, "previous": claims},
		"fairness": {
			"block": "present",
			"confidenceRatio": 0.95,
			"artifacts": [{"name": "model", "pinned": true, "bound": true, "place": {"path": ["spec", "artifacts", 0]}}],
			"reports": [{
				"file": file, "format": "counts", "ageSeconds": 86400, "boundTo": ["model"], "boundBy": "report",
				"places": {"model": at(["model"]), "evaluatedAt": at(["evaluatedAt"])},
			}],
			"required": [
				{"item": "female of sex", "status": "measured", "sampleCount": 1000, "said": "it is measured", "place": at(["groups", 0, "group"])},
				{"item": "known", "status": "measured", "knownRatio": 0.95, "minimumKnownRatio": 0.9, "said": "it is known", "place": at(["groups", 0, "group"])},
			],
			"coverage": [{"name": "sex", "groupsCount": 2, "place": {"path": ["spec", "fairness", "protectedAttributes", 0]}}],
			"groups": [member("female", 0), member("male", 1)],
			"selection": [compared("selection", pair)],
			"errors": [compared("truePositive", gap), compared("falsePositive", gap)],
			"comparison": {
				"groups": [{
					"attribute": "sex", "group": "female", "said": "it fell", "valueRatio": 0.95, "previousRatio": 0.97,
					"fallRatio": 0.02, "fallLowerRatio": -0.01, "place": at(["groups", 0, "group"]),
				}],
				"dropped": [],
			},
		},
	},
	"settings": {"fairness": {
		"requiredFrom": "medium",
		"conclusiveFrom": "critical",
		"requiredAttributes": [{"attribute": "sex", "groups": ["female"], "minimumKnownRatio": 0.9}],
		"allowedBindings": {
			"low": ["statement", "report", "signature"], "medium": ["statement", "report", "signature"],
			"high": ["report", "signature"], "critical": ["report", "signature"],
		},
		"measuredFrom": "high",
		"maximumAgeSeconds": {"medium": 31536000, "high": 15552000, "critical": 7776000},
		"minimumGroupCount": {"medium": 100, "high": 300, "critical": 300},
		"minimumClassCount": {"medium": 30, "high": 50, "critical": 50},
		"confidence": 0.95,
		"minimumSelectionRatio": 0.8,
		"maximumErrorGapRatio": {"medium": 0.1, "high": 0.05, "critical": 0.05},
		"maximumFallRatio": 0.05,
	}},
}

outcomes(tier, patches) := result if {
	result := data.changegate.checks.fairness.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

fact(path, value) := put(concat("", ["/facts/fairness", path]), value)

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(place, details) := {"outcome": "failed", "violations": {object.union(place, {"details": details})}}

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

unknowns(patches) := {id | some id, outcome in outcomes("high", patches); outcome.outcome == "unknown"}

passes(patches) := {id | some id, outcome in outcomes("high", patches); outcome.outcome == "passed"}

block := {"path": ["spec", "fairness"]}

statistics := {
	"fairness/bound-by-statement",
	"fairness/required-not-covered",
	"fairness/selection-ratio-unproven",
	"fairness/not-bound-to-artifact", "fairness/stale", "fairness/attribute-not-covered", "fairness/group-too-small",
	"fairness/selection-ratio-broken", "fairness/selection-ratio-inconclusive", "fairness/error-rates-differ",
	"fairness/subgroup-regressed",
}

test_good_passes_every_rule_that_applies if {
	found := outcomes("critical", [])
	count(found) == 14
	{id | some id, outcome in found; outcome != passed} == {"fairness/not-applicable-unjustified", "fairness/selection-ratio-inconclusive"}
	found["fairness/not-applicable-unjustified"].outcome == "not-applicable"
}

test_low_tier_is_asked_for_nothing if {
	low := [put("/evidence/fairness", {"status": "absent", "reason": "none", "files": []}), fact("/block", "absent")]
	{outcome.outcome | some outcome in outcomes("low", low)} == {"not-applicable"}
}

test_no_facts_pass_nothing_but_what_reads_none if {
	passes([drop("/facts/fairness")]) == {"fairness/invalid-evidence"}
	passes([drop("/facts")]) == {"fairness/invalid-evidence"}
}

test_no_evidence_passes_nothing if passes([drop("/evidence")]) == set()

test_no_settings_pass_nothing_that_reads_them if {
	passes([drop("/settings/fairness")]) == {"fairness/missing", "fairness/invalid-evidence"}
}

test_an_unavailable_report_is_unknown if {
	unseen := [put("/evidence/fairness", {"status": "unavailable", "reason": "not handed in", "files": []})]
	unknowns(unseen) == statistics | {"fairness/invalid-evidence"}
}

wide_pair := object.union(pair, {"valueRatio": 0.667, "lowerRatio": 0.386, "upperRatio": 1.152})

numbers := {"attribute": "sex", "minimumRatio": 0.8}
