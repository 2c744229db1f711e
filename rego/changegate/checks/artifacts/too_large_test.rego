package changegate.checks.artifacts_test

test_too_large_fires_alone if {
	large := [put(fact("0/size/bytes"), 120000000)]
	failures("high", large) == {"artifacts/too-large"}
	outcomes("high", large)["artifacts/too-large"] == failed(
		[0, "sizeBytes"],
		{"name": "model", "sizeBytes": 120000000, "maximumBytes": 100000000},
	)
	failures("medium", large) == set()
}

test_too_large_fires_on_a_small_platform if {
	on_edge := [put("/release/spec/serving/platform", "edge")]
	failures("medium", on_edge) == {"artifacts/too-large"}
	outcomes("medium", on_edge)["artifacts/too-large"] == failed(
		[0, "sizeBytes"],
		{"name": "model", "sizeBytes": 48210944, "maximumBytes": 10000000},
	)
}

test_too_large_passes_within_the_limit if {
	failures("high", [put(fact("0/size/bytes"), 100000000)]) == set()
	nowhere := [drop("/release/spec/serving"), put("/facts/artifacts/package", {"status": "no-platform"})]
	failures("high", nowhere) == set()
}

test_too_large_missing if {
	"artifacts/too-large" in failures("high", [drop(fact("0/size/bytes"))])
	"artifacts/too-large" in failures("high", [drop(fact("0/size/known"))])
	failures("high", [drop("/settings/artifacts/maximumBytes")]) == {"artifacts/too-large"}
	failures("high", [drop("/settings/artifacts/maximumPlatformBytes")]) == {"artifacts/too-large", "artifacts/package-too-large"}
}
