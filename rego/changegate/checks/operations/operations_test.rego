package changegate.checks.operations_test

import data.changegate.checks.operations

good := {
	"release": {"spec": {"serving": {"platform": "kubernetes"}}},
	"facts": {
		"operations": {
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
		"runbook": {"status": "present", "file": "RUNBOOK.md"},
		"modelCard": {"status": "present", "file": "MODEL_CARD.md"},
	}},
	"settings": {"operations": {
		"ownerFrom": "low",
		"runbookFrom": "medium",
		"onCallFrom": "medium",
		"escalationFrom": "medium",
		"dashboardFrom": "medium",
		"modelCardFrom": "medium",
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
	result := operations.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
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
	count(found) == 10
	{outcome | some outcome in found} == {passed}
}

test_low_tier_is_asked_for_its_owner_only if {
	asked := {id | some id, outcome in outcomes("low", [drop(facts)]); outcome.outcome != "not-applicable"}
	asked == {"operations/owner-unknown"}
}

test_no_facts_and_no_evidence_pass_nothing if {
	count(failures("high", [drop(facts), drop(evidence)])) == 10
}

test_no_settings_fail_what_compares_with_them if {
	failures("high", [drop(settings)]) == {
		"operations/telemetry-labels-missing",
		"operations/inputs-logged-in-clear",
		"operations/retention-too-long",
	}
}

test_a_bad_tier_setting_asks_everybody if {
	failures("low", [put(concat("/", [settings, "runbookFrom"]), "never"), said("runbook", "absent")]) == {"operations/runbook-missing"}
}

test_owner_unknown_fires_alone if {
	fires_alone("owner", "invalid")
	failures("low", [said("owner", "invalid")]) == {"operations/owner-unknown"}
}

test_owner_unknown_passes if outcomes("low", [])["operations/owner-unknown"] == passed

test_owner_unknown_missing_fails if unvouched_fails("owner")

test_owner_unknown_without_teams_is_unknown if untold("owner")

test_on_call_missing_fires_alone if {
	fires_alone("onCall", "absent")
	fires_alone("onCall", "invalid")
}

test_on_call_missing_passes if outcomes("medium", [])["operations/on-call-missing"] == passed

test_on_call_missing_missing_fails if unvouched_fails("onCall")

test_on_call_missing_without_teams_is_unknown if untold("onCall")

test_escalation_missing_fires_alone if fires_alone("escalation", "absent")

test_escalation_missing_passes if outcomes("medium", [])["operations/escalation-missing"] == passed

test_escalation_missing_missing_fails if unvouched_fails("escalation")

test_escalation_missing_without_teams_is_unknown if untold("escalation")

test_runbook_missing_fires_alone if {
	fires_alone("runbook", "absent")
	fires_alone("runbook", "invalid")
}

test_runbook_missing_passes if outcomes("medium", [])["operations/runbook-missing"] == passed

test_runbook_missing_passes_an_address if {
	address := [said("runbook", "unavailable"), put(concat("/", [facts, "runbook"]), "url")]
	outcomes("high", address)["operations/runbook-missing"] == passed
}

test_runbook_missing_missing_fails if {
	unvouched_fails("runbook")
	failures("high", [drop(concat("/", [facts, "runbook"]))]) == {"operations/runbook-missing"}
	failures("high", [drop(concat("/", [evidence, "runbook"])), put(concat("/", [facts, "runbook"]), "url")]) == {"operations/runbook-missing"}
}

test_runbook_missing_is_unknown_where_a_file_is_unavailable if untold("runbook")

test_model_card_missing_fires_alone if {
	fires_alone("modelCard", "absent")
	fires_alone("modelCard", "invalid")
}

test_model_card_missing_passes if outcomes("medium", [])["operations/model-card-missing"] == passed

test_model_card_missing_missing_fails if unvouched_fails("modelCard")

test_model_card_missing_is_unknown_where_it_is_unavailable if untold("modelCard")

dashboard := concat("/", [facts, "dashboardStated"])

test_dashboard_missing_fires_alone if {
	failures("high", [put(dashboard, false)]) == {"operations/dashboard-missing"}
	outcomes("high", [put(dashboard, false)])["operations/dashboard-missing"] == failed(["spec", "operations", "dashboard"], {})
}

test_dashboard_missing_passes if outcomes("medium", [])["operations/dashboard-missing"] == passed

test_dashboard_missing_missing_fails if failures("high", [drop(dashboard)]) == {"operations/dashboard-missing"}

labels := concat("/", [facts, "telemetry/labels"])

labels_failed(missing) := failed(["spec", "operations", "telemetry", "labels"], {"missingLabels": missing})

test_telemetry_labels_missing_fires_alone if {
	failures("high", [put(labels, ["model_version"])]) == {"operations/telemetry-labels-missing"}
	outcomes("high", [put(labels, ["model_version"])])["operations/telemetry-labels-missing"] == labels_failed(["deploy_id"])
}

test_telemetry_labels_missing_passes if outcomes("medium", [])["operations/telemetry-labels-missing"] == passed

test_telemetry_labels_missing_missing_fails if {
	outcomes("high", [drop(labels)])["operations/telemetry-labels-missing"] == labels_failed(["deploy_id", "model_version"])
	failures("high", [drop(concat("/", [settings, "telemetryLabels"]))]) == {"operations/telemetry-labels-missing"}
	failures("high", [put(concat("/", [settings, "telemetryLabels"]), [])]) == {"operations/telemetry-labels-missing"}
}

traced := concat("/", [facts, "telemetry/traceIds"])

test_trace_ids_missing_fires_alone if {
	failures("high", [put(traced, false)]) == {"operations/trace-ids-missing"}
	outcomes("high", [put(traced, false)])["operations/trace-ids-missing"] == failed(["spec", "operations", "telemetry", "traceIds"], {})
}

test_trace_ids_missing_passes if outcomes("medium", [])["operations/trace-ids-missing"] == passed

test_trace_ids_missing_is_not_asked_of_batch if {
	failures("high", [put(traced, false), put("/release/spec/serving/platform", "batch")]) == set()
}

test_trace_ids_missing_missing_fails if {
	failures("high", [drop(traced)]) == {"operations/trace-ids-missing"}
	failures("high", [put(traced, false), drop("/release/spec/serving")]) == {"operations/trace-ids-missing"}
}

inputs := concat("/", [facts, "logging/inputs"])

contradictory := concat("/", [facts, "logging/contradictory"])

claims := "/facts/risk/claims"

harmless := put(claims, {"personalData": false, "regulated": false})

logged(how) := failed(
	["spec", "operations", "logging", "inputs"],
	{"inputs": how, "allowedInputLogging": ["none", "hashed", "redacted"]},
)

test_inputs_logged_in_clear_fires_alone if {
	every how in ["full", "unstated"] {
		failures("high", [put(inputs, how)]) == {"operations/inputs-logged-in-clear"}
		outcomes("high", [put(inputs, how)])["operations/inputs-logged-in-clear"] == logged(how)
	}
}

test_inputs_logged_in_clear_fires_on_a_contradiction if {
	redacted := [put(inputs, "redacted"), put(contradictory, true)]
	outcomes("high", redacted)["operations/inputs-logged-in-clear"] == logged("redacted")
}

test_inputs_logged_in_clear_passes if {
	every how in ["none", "hashed", "redacted"] {
		outcomes("medium", [put(inputs, how)])["operations/inputs-logged-in-clear"] == passed
	}
}

test_inputs_logged_in_clear_is_for_personal_data_or_a_regulation if {
	failures("high", [put(inputs, "full"), harmless]) == set()
	every key in ["personalData", "regulated"] {
		failures("high", [put(inputs, "full"), harmless, put(concat("/", [claims, key]), true)]) == {"operations/inputs-logged-in-clear"}
	}
}

test_inputs_logged_in_clear_missing_fails if {
	every key in [inputs, contradictory, concat("/", [settings, "allowedInputLogging"])] {
		failures("high", [drop(key)]) == {"operations/inputs-logged-in-clear"}
	}
	failures("high", [put(inputs, "full"), drop(claims)]) == {"operations/inputs-logged-in-clear"}
}

test_inputs_logged_in_clear_fires_where_the_previous_release_had_such_data if {
	every key in ["personalData", "regulated"] {
		said := object.union({"personalData": false, "regulated": false}, {key: true})
		was := {"op": "add", "path": "/facts/risk/previous", "value": said}
		failures("high", [put(inputs, "full"), harmless, was]) == {"operations/inputs-logged-in-clear"}
	}
}

retention := concat("/", [facts, "logging/retentionSeconds"])

retention_failed(details) := failed(["spec", "operations", "logging", "retentionDays"], details)

test_retention_too_long_fires_alone if {
	failures("high", [put(retention, 7862400)]) == {"operations/retention-too-long"}
	outcomes("high", [put(retention, 7862400)])["operations/retention-too-long"] == retention_failed({
		"retentionSeconds": 7862400,
		"maximumRetentionSeconds": 7776000,
	})
}

test_retention_too_long_passes if {
	outcomes("medium", [put(retention, 7776000)])["operations/retention-too-long"] == passed
	failures("high", [put(retention, 7862400), put(concat("/", [claims, "personalData"]), false)]) == set()
}

test_retention_too_long_missing_fails if {
	outcomes("high", [drop(retention)])["operations/retention-too-long"] == retention_failed({"maximumRetentionSeconds": 7776000})
	failures("high", [drop(concat("/", [settings, "maximumRetentionSeconds"]))]) == {"operations/retention-too-long"}
	failures("high", [put(retention, 7862400), drop(claims)]) == {"operations/retention-too-long"}
}

test_retention_too_long_fires_where_the_previous_release_had_personal_data if {
	was := {"op": "add", "path": "/facts/risk/previous", "value": {"personalData": true, "regulated": false}}
	failures("high", [put(retention, 7862400), harmless, was]) == {"operations/retention-too-long"}
}
