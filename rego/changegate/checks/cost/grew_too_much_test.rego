package changegate.checks.cost_test

import data.changegate.lib_test

grown := [
	put("/facts/cost/perThousandInferences", 0.0064),
	put("/facts/cost/growthRatio", 1.6),
]

test_grew_too_much_fires_alone if {
	failures("high", grown) == {"cost/grew-too-much"}
	outcomes("high", grown)["cost/grew-too-much"] == lib_test.seen_with(
		failed(
			["perThousandInferences"],
			{"perThousandInferences": 0.0064, "previousPerThousandInferences": 0.004, "maximumRatio": 1.5},
		),
		[lib_test.before(["spec", "cost", "perThousandInferences"])],
	)
}

test_grew_too_much_passes if {
	outcomes("medium", grown)["cost/grew-too-much"] == passed
	outcomes("high", [put("/facts/cost/growthRatio", 1.5)])["cost/grew-too-much"] == passed
}

test_grew_too_much_fires_on_growth_from_nothing if {
	from_nothing := [put("/facts/cost/previousPerThousandInferences", 0), drop("/facts/cost/growthRatio")]
	outcomes("high", from_nothing)["cost/grew-too-much"] == lib_test.seen_with(
		failed(
			["perThousandInferences"],
			{"perThousandInferences": 0.004, "previousPerThousandInferences": 0, "maximumRatio": 1.5},
		),
		[lib_test.before(["spec", "cost", "perThousandInferences"])],
	)
}

test_grew_too_much_is_not_asked_of_a_rollback if {
	failures("high", array.concat(grown, [put("/change/operation", "rollback")])) == set()
}

test_grew_too_much_by_status_of_the_previous_release if {
	every status, wanted in {"absent": "not-applicable", "invalid": "unknown", "unavailable": "unknown"} {
		statuses([put("/previous", {"status": status, "reason": "why"})])["cost/grew-too-much"] == wanted
	}
	failures("high", [put("/previous", {"status": "lost"})]) == {"cost/grew-too-much"}
}

test_grew_too_much_by_status_of_the_comparison if {
	every status, wanted in {"absent": "not-applicable", "invalid": "unknown", "unavailable": "unknown"} {
		statuses([put("/evidence/cost/growth", {"status": status, "reason": "why"})])["cost/grew-too-much"] == wanted
	}
}

test_grew_too_much_missing_fails if {
	every key in ["/facts/cost/growthRatio", "/evidence/cost/growth", "/previous", "/settings/cost/maximumGrowthRatio/high"] {
		failures("high", [drop(key)]) == {"cost/grew-too-much"}
	}
	failures("high", array.concat(grown, [drop("/change"), drop("/evidence/cost/growth")])) == {"cost/grew-too-much"}
}
