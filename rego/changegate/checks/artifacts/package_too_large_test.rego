package changegate.checks.artifacts_test

packaged(bytes) := [put(fact_of("package"), {"status": "stated", "bytes": bytes}), put("/release/spec/serving/platform", "edge")]

fact_of(key) := concat("/", ["/facts/artifacts", key])

test_package_too_large_fires_at_its_size if {
	outcomes("high", packaged(10000001))["artifacts/package-too-large"] == {"outcome": "failed", "violations": {{
		"path": ["spec", "serving", "packageBytes"],
		"details": {"packageBytes": 10000001, "maximumBytes": 10000000},
	}}}
}

test_package_too_large_passes_within_the_limit if {
	outcomes("high", packaged(10000000))["artifacts/package-too-large"] == {"outcome": "passed"}
}

test_package_too_large_is_not_asked_without_a_package_or_a_platform if {
	nothing := [put(fact_of("package"), {"status": "not-stated"})]
	outcomes("high", nothing)["artifacts/package-too-large"].outcome == "not-applicable"
	nowhere := [put(fact_of("package"), {"status": "no-platform"})]
	outcomes("high", nowhere)["artifacts/package-too-large"].outcome == "not-applicable"
}

test_package_too_large_missing_fails if {
	every path in ["/facts/artifacts/package", "/facts/artifacts/package/bytes", "/facts/artifacts/package/status"] {
		outcomes("high", array.concat(packaged(10), [drop(path)]))["artifacts/package-too-large"].outcome == "failed"
	}
	limitless := array.concat(packaged(10), [drop("/settings/artifacts/maximumPlatformBytes")])
	outcomes("high", limitless)["artifacts/package-too-large"].outcome == "failed"
}
