package changegate.checks.artifacts_test

import data.changegate.lib_test

test_grew_too_much_fires_alone if {
	grown := [put(fact("0/growth/growthRatio"), 2.5)]
	failures("high", grown) == {"artifacts/grew-too-much"}
	outcomes("high", grown)["artifacts/grew-too-much"] == lib_test.seen_with(
		failed(
			[0, "sizeBytes"],
			{"name": "model", "growthRatio": 2.5, "maximumRatio": 2},
		),
		[lib_test.before(["spec", "artifacts", 0, "sizeBytes"])],
	)
	failures("medium", grown) == set()
}

test_grew_too_much_passes_what_is_small if {
	failures("high", [put(fact("0/growth/growthRatio"), 2.5), put(fact("0/size/bytes"), 1000)]) == set()
}

test_grew_too_much_missing if {
	every key in ["growth/growthRatio", "growth/status", "size/bytes"] {
		"artifacts/grew-too-much" in failures("high", [drop(fact(concat("/", ["0", key])))])
	}
	failures("high", [drop("/settings/artifacts/maximumGrowthRatio")]) == {"artifacts/grew-too-much"}
	failures("high", [drop("/settings/artifacts/minimumGrowthBytes")]) == {"artifacts/grew-too-much"}
}

test_grew_too_much_by_the_previous_release if {
	outcomes("high", [put("/previous", {"status": "absent", "reason": "none"})])["artifacts/grew-too-much"].outcome == "not-applicable"
	outcomes("high", [put("/previous", {"status": "unavailable", "reason": "why"})])["artifacts/grew-too-much"].outcome == "unknown"
	outcomes("high", [put("/previous", {"status": "invalid", "reason": "why"})])["artifacts/grew-too-much"].outcome == "failed"
}
