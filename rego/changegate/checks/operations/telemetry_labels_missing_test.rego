package changegate.checks.operations_test

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
