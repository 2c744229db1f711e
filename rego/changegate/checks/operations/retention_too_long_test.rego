package changegate.checks.operations_test

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
