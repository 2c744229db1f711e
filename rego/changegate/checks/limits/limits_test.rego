package changegate.checks.limits_test

good := {
	"facts": {"artifacts": {"limits": {
		"packageGrowth": {"status": "sized", "bytes": 20, "previousBytes": 10, "growthRatio": 2},
		"coldStart": {"status": "cold", "coldStartMs": 900, "provisionedConcurrency": 0},
		"gpuMemory": {
			"status": "stated", "weightsBytes": 16, "kvCacheBytes": 4, "limitBytes": 24, "usedRatio": 0.833333333,
		},
	}}},
	"settings": {"limits": {
		"limitsFrom": "medium",
		"maximumPackageGrowthRatio": {"high": 2, "critical": 2},
		"maximumColdStartMs": {"high": 900, "critical": 900},
		"maximumGpuMemoryRatio": 0.95,
	}},
}

outcomes(tier, patches) := result if {
	result := data.changegate.checks.limits.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

fact(path) := concat("/", ["/facts/artifacts/limits", path])

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

passed := {"outcome": "passed"}

test_good_passes_every_rule if {
	{outcome | some outcome in outcomes("critical", [])} == {passed}
	count(outcomes("critical", [])) == 3
	{outcome.outcome | some outcome in outcomes("low", [])} == {"not-applicable"}
}

test_nothing_passes_without_facts_or_settings if {
	count(failures("high", [drop("/facts/artifacts")])) == 3
	count(failures("high", [drop("/settings/limits")])) == 3
}

test_what_is_not_stated_is_not_asked_for if {
	found := outcomes("high", [
		put(fact("packageGrowth"), {"status": "not-stated"}),
		put(fact("coldStart"), {"status": "not-serverless"}),
		put(fact("gpuMemory"), {"status": "not-stated"}),
	])
	{outcome.outcome | some outcome in found} == {"not-applicable"}
}
