package changegate.checks.limits_test

test_exceeds_gpu_memory_fires_alone if {
	full := [put(fact("gpuMemory/usedRatio"), 0.96)]
	failures("high", full) == {"limits/exceeds-gpu-memory"}
	some violation in outcomes("high", full)["limits/exceeds-gpu-memory"].violations
	violation.path == ["spec", "serving", "resources", "kvCache"]
	violation.details.usedRatio == 0.96
}

test_exceeds_gpu_memory_passes if outcomes("high", [])["limits/exceeds-gpu-memory"] == passed

test_exceeds_gpu_memory_missing if {
	every key in ["gpuMemory", "gpuMemory/status", "gpuMemory/usedRatio"] {
		failures("high", [drop(fact(key))]) == {"limits/exceeds-gpu-memory"}
	}
}
