package changegate.checks.artifacts_test

test_empty_fires_alone if {
	hollow := [put(fact("0/nothing"), [{"key": "sizeBytes", "reason": "`sizeBytes` is 0"}])]
	failures("high", hollow) == {"artifacts/empty"}
	failures("low", hollow) == {"artifacts/empty"}
	outcomes("high", hollow)["artifacts/empty"] == failed(
		[0, "sizeBytes"],
		{"name": "model", "reason": "`sizeBytes` is 0"},
	)
}

test_empty_passes_what_has_content if outcomes("high", [])["artifacts/empty"] == passed

test_empty_missing if failures("high", [drop(fact("0/nothing"))]) == {"artifacts/empty"}
