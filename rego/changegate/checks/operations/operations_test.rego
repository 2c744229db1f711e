package changegate.checks.operations_test

good := {
	"release": {"spec": {"serving": {"platform": "kubernetes"}}},
	"change": {"operation": "update"},
	"facts": {
		"operations": {
			"followUps": [],
			"block": "present",
			"runbook": "file",
			"dashboardStated": true,
			"telemetry": {"labels": ["deploy_id", "model_version", "region"], "traceIds": true},
			"logging": {"inputs": "hashed", "contradictory": false, "retentionSeconds": 2592000},
		},
		"risk": {"claims": {"personalData": true, "regulated": true}},
	},
	"evidence": {"operations": {
		"status": "present",
		"owner": {"status": "present", "name": "payments-ml"},
		"onCall": {"status": "present", "name": "payments-ml"},
		"escalation": {"status": "present", "name": "platform"},
		"runbook": {"status": "present", "file": "RUNBOOK.md", "wordsCount": 8},
		"modelCard": {"status": "present", "file": "MODEL_CARD.md", "wordsCount": 8},
	}},
	"settings": {"operations": {
		"ownerFrom": "low",
		"runbookFrom": "medium",
		"onCallFrom": "medium",
		"escalationFrom": "medium",
		"dashboardFrom": "medium",
		"modelCardFrom": "medium",
		"minimumDocumentWordsCount": 8,
		"telemetryFrom": "medium",
		"telemetryLabels": ["model_version", "deploy_id"],
		"traceIdsFrom": "medium",
		"traceIdsExemptPlatforms": ["batch"],
		"loggingFrom": "medium",
		"allowedInputLogging": ["none", "hashed", "redacted"],
		"maximumRetentionSeconds": 7776000,
	}},
}

outcomes(tier, patches) := result if {
	result := data.changegate.checks.operations.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(path, details) := {"outcome": "failed", "violations": {{"path": path, "details": details}}}

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

facts := "/facts/operations"

evidence := "/evidence/operations"

settings := "/settings/operations"

# What a rule rests on, whose evidence has a status -> where its violation stands.
vouched := {
	"owner": {"rule": "operations/owner-unknown", "path": ["metadata", "owner"]},
	"onCall": {"rule": "operations/on-call-missing", "path": ["spec", "operations", "onCall"]},
	"escalation": {"rule": "operations/escalation-missing", "path": ["spec", "operations", "escalation"]},
	"runbook": {"rule": "operations/runbook-missing", "path": ["spec", "operations", "runbook"]},
	"modelCard": {"rule": "operations/model-card-missing", "path": ["spec", "modelCard"]},
}

said(key, status) := put(concat("/", [evidence, key]), {"status": status, "reason": "why"})

fires_alone(key, status) if {
	failures("high", [said(key, status)]) == {vouched[key].rule}
	outcomes("high", [said(key, status)])[vouched[key].rule] == failed(vouched[key].path, {"reason": "why"})
}

unvouched_fails(key) if {
	without := [drop(concat("/", [evidence, key]))]
	failures("high", without) == {vouched[key].rule}
	outcomes("high", without)[vouched[key].rule] == failed(vouched[key].path, {})
}

untold(key) if {
	outcomes("high", [said(key, "unavailable")])[vouched[key].rule] == {"outcome": "unknown", "reason": "why"}
}

test_good_passes_every_rule if {
	found := outcomes("critical", [])
	count(found) == 11
	{outcome | some outcome in found} == {passed}
}

test_low_tier_is_asked_for_its_owner_only if {
	asked := {id | some id, outcome in outcomes("low", [drop(facts)]); outcome.outcome != "not-applicable"}
	asked == {"operations/owner-unknown", "operations/follow-up-open"}
}

test_no_facts_and_no_evidence_pass_nothing if {
	count(failures("high", [drop(facts), drop(evidence)])) == 11
}

test_no_settings_fail_what_compares_with_them if {
	failures("high", [drop(settings)]) == {
		"operations/telemetry-labels-missing",
		"operations/inputs-logged-in-clear",
		"operations/retention-too-long",
		"operations/runbook-missing",
		"operations/model-card-missing",
	}
}

test_a_bad_tier_setting_asks_everybody if {
	failures("low", [put(concat("/", [settings, "runbookFrom"]), "never"), said("runbook", "absent")]) == {"operations/runbook-missing"}
}

claims := "/facts/risk/claims"

harmless := put(claims, {"personalData": false, "regulated": false})

# Fewer words than settings ask for, or an unknown number, are no document.
speechless(key, rule, path) if {
	words := concat("/", ["/evidence/operations", key, "wordsCount"])
	expected := failed(path, {"reason": data.changegate.checks.operations.says_nothing})
	every patch in [put(words, 7), drop(words), drop("/settings/operations/minimumDocumentWordsCount")] {
		outcomes("medium", [patch])[rule] == expected
	}
}
