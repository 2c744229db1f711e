package changegate.checks.artifacts_test

test_exceeds_memory_fires_alone if {
	full := [put("/facts/artifacts/memory/usedRatio", 0.9)]
	failures("high", full) == {"artifacts/exceeds-memory"}
	outcomes("high", full)["artifacts/exceeds-memory"] == {"outcome": "failed", "violations": {{
		"path": ["spec", "serving", "resources", "memory"],
		"details": {
			"of": "memory", "artifactsBytes": 50308096, "limitBytes": 8589934592,
			"usedRatio": 0.9, "maximumRatio": 0.8,
		},
	}}}
}

test_exceeds_memory_passes_at_the_limit if failures("high", [put("/facts/artifacts/memory/usedRatio", 0.8)]) == set()

test_exceeds_memory_is_not_applicable_without_numbers if {
	every status in ["not-stated", "unsized"] {
		found := outcomes("high", [put("/facts/artifacts/memory", {"status": status})])
		found["artifacts/exceeds-memory"].outcome == "not-applicable"
	}
}

test_exceeds_memory_missing if {
	every path in [
		"/facts/artifacts/memory", "/facts/artifacts/memory/status", "/facts/artifacts/memory/usedRatio",
		"/settings/artifacts/maximumMemoryRatio",
	] {
		failures("high", [drop(path)]) == {"artifacts/exceeds-memory"}
	}
	failures("high", [put("/facts/artifacts/memory", {"status": "invalid", "reason": "0"})]) == {"artifacts/exceeds-memory"}
}
