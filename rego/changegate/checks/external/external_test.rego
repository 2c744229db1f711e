package changegate.checks.external_test

external := {
	"publisher": "sentence-transformers", "licence": "Apache-2.0", "reviewedBy": "femi",
	"obtainedFrom": "hf://a/b@c", "obtainedAt": "2026-10-01T00:00:00Z",
}

release := {"spec": {"provenance": {"external": external}, "artifacts": [{"name": "model", "digest": "sha256:0"}]}}

good := {
	"context": {"author": {"login": "mira", "kind": "human"}},
	"release": release,
	"previous": {"status": "absent", "reason": "it is new"},
	"evidence": {"approvals": {"status": "present"}},
	"facts": {
		"external": {
			"status": "stated", "trainedHere": false, "publisher": "sentence-transformers", "reviewedBy": "femi",
			"licence": "Apache-2.0", "licences": [["Apache-2.0"]], "obtained": "past",
			"reference": {"text": "hf://a/b@c", "pin": "revision", "place": {"path": from}},
		},
		"approvals": {"roles": {"model-risk": {"members": ["femi"], "approvedBy": ["femi"], "candidates": []}}},
	},
	"settings": {"external": {"externalFrom": "medium", "externalRole": "model-risk", "licences": ["Apache-2.0", "MIT"]}},
}

block := ["spec", "provenance", "external"]

from := array.concat(block, ["obtainedFrom"])

outcomes(tier, patches) := result if {
	result := data.changegate.checks.external.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "add", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(path, details) := {"outcome": "failed", "violations": {{"path": path, "details": details}}}

failures(patches) := {id | some id, outcome in outcomes("high", patches); outcome.outcome == "failed"}

rules := {
	"external/licence-not-allowed", "external/moment-impossible", "external/not-approved",
	"external/reference-moves", "external/reviewer-unknown",
}

test_good_passes_every_rule if outcomes("critical", []) == {id: passed | some id in rules}

test_nothing_is_asked_of_a_release_that_takes_nothing_over if {
	{outcome.outcome | some outcome in outcomes("high", [put("/facts/external", {"status": "none"})])} == {"not-applicable"}
	{outcome.outcome | some outcome in outcomes("low", [])} == {"not-applicable"}
}

test_no_facts_pass_nothing if {
	every path in ["/facts", "/facts/external", "/facts/external/status", "/settings"] { failures([drop(path)]) == rules }
	failures([put("/settings/external/externalFrom", "typo")]) == rules
}

test_who_has_to_approve if {
	asked := data.changegate.checks.external.required with input as good with data.changegate.risk.tier as "high"
	asked == [{"role": "model-risk", "count": 1, "approvedBy": ["femi"], "candidates": []}]
	nobody := data.changegate.checks.external.required with input as good with data.changegate.risk.tier as "low"
	nobody == []
}
