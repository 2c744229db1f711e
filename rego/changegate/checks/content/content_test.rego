package changegate.checks.content_test

model := {
	"name": "model", "role": "model", "kind": "path", "formats": ["safetensors"], "judgedFormats": ["safetensors"],
	"parameters": {"status": "equal", "stated": 12, "found": 12},
	"parts": {"status": "known", "missing": [], "unlisted": []},
	"scan": {
		"status": "complete", "kind": "safetensors", "claim": {"status": "fits"}, "form": "sound", "hazards": [], "names": [],
		"domains": [],
	},
}

adapter := {
	"name": "adapter", "role": "adapter", "kind": "uri", "formats": ["safetensors"], "judgedFormats": ["safetensors"],
	"parameters": {"status": "unknown"},
	"parts": {"status": "none", "missing": [], "unlisted": []},
	"scan": {
		"status": "unseen", "reason": "only its name was looked at", "claim": {"status": "unknown"}, "form": "unknown",
		"hazards": [], "names": [], "domains": [],
	},
}

judge := {"name": "judge", "role": "base-model", "kind": "hosted", "scan": adapter.scan}

good := {
	"release": {"spec": {"artifacts": [{"path": "model.safetensors"}]}},
	"facts": {"artifacts": {"artifacts": [model, adapter, judge]}},
	"settings": {
		"content": {
			"hazardsFrom": "low", "readFrom": "medium", "claimsFrom": "low",
			"trustedPickleNames": ["numpy.dtype"],
			"knownOperatorDomains": ["com.microsoft"],
			"executableFormats": ["pkl"],
			"allowedFormats": {"low": ["*"], "medium": ["*"], "high": ["*"], "critical": ["*"]},
		},
		"artifacts": {"unsafeFormats": []},
	},
}

unseen := [put(fact("0/scan"), adapter.scan)]

of_reading := {
	"content/not-looked-through", "content/operator-custom", "content/pickle-unproven", "content/unscanned",
}

outcomes(tier, patches) := result if {
	result := data.changegate.checks.content.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

add(path, value) := {"op": "add", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

fact(path) := concat("/", ["/facts/artifacts/artifacts", path])

passed := {"outcome": "passed"}

file := [{"message": "the file itself", "at": {"file": "model.safetensors"}}]

failed([index, key], details) := {"outcome": "failed", "violations": {object.union(
	{"path": ["spec", "artifacts", index, key], "details": details},
	object.get(besides, [index, key], {}),
)}}

besides := {
	0: {"path": {"related": file}, "format": {"related": file}}, 1: {"uri": {"related": []}},
}

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

test_good_passes_every_rule_but_the_list_that_allows_all if {
	found := outcomes("critical", [])
	count(found) == 15
	{id | some id, outcome in found; outcome != passed} == {"content/format-not-allowed"}
}

test_low_tier_is_asked_for_nothing_but_the_truth if {
	found := outcomes("low", [])
	{id | some id, outcome in found; outcome != passed} == of_reading | {"content/format-not-allowed"}
}

test_no_facts_pass_nothing if count(failures("high", [drop("/facts/artifacts")])) == 14

test_no_artifacts_pass_nothing if count(failures("high", [put("/facts/artifacts/artifacts", [])])) == 14

test_no_settings_pass_nothing if count(failures("high", [drop("/settings")])) == 15

test_hosted_models_have_no_bytes if {
	found := outcomes("high", [put("/facts/artifacts/artifacts", [judge])])
	{outcome.outcome | some outcome in found} == {"not-applicable", "passed"}
	{id | some id, outcome in found; outcome == passed} == {"content/unscanned"}
}
