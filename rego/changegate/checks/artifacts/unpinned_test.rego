package changegate.checks.artifacts_test

test_unpinned_passes_what_cannot_move if outcomes("high", [])["artifacts/unpinned"] == passed

test_unpinned_fires_alone if {
	moving := [put(fact("1/reference"), {"text": "hf://acme/adapter@main", "pin": "none", "reason": "it names a branch"})]
	failures("high", moving) == {"artifacts/unpinned"}
	outcomes("high", moving)["artifacts/unpinned"] == failed(
		[1, "uri"],
		{"name": "adapter", "reference": "hf://acme/adapter@main", "reason": "it names a branch"},
	)
}

test_unpinned_fires_for_a_hosted_model if {
	moving := [put(fact("2/reference"), {"text": "acme-llm/large", "pin": "none", "reason": "it names no snapshot"})]
	outcomes("high", moving)["artifacts/unpinned"] == failed(
		[2, "hosted", "snapshot"],
		{"name": "judge", "reference": "acme-llm/large", "reason": "it names no snapshot"},
	)
}

test_unpinned_missing if {
	failures("high", [drop(fact("0/reference/pin"))]) == {"artifacts/unpinned"}
	failures("high", [drop(fact("2/reference"))]) == {"artifacts/unpinned"}
}
