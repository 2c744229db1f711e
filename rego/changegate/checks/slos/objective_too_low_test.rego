package changegate.checks.slos_test

test_objective_too_low_fires_alone if {
	low := [put("/facts/slos/slos/1/objectiveRatio", 0.9), put("/facts/slos/slos/1/previous/objectiveRatio", 0.9)]
	failures("high", low) == {"slos/objective-too-low"}
	outcomes("high", low)["slos/objective-too-low"] == failed(
		[1, "objective"],
		{"name": "error-rate", "objectiveRatio": 0.9, "minimumRatio": 0.995},
	)
}

test_objective_too_low_missing_objective_fails if {
	outcomes("high", [drop("/facts/slos/slos/1/objectiveRatio")])["slos/objective-too-low"] == failed([1, "objective"], {})
}

test_objective_too_low_passes_at_the_minimum if {
	least := [put("/facts/slos/slos/1/objectiveRatio", 0.995), put("/facts/slos/slos/1/previous/objectiveRatio", 0.995)]
	outcomes("high", least)["slos/objective-too-low"] == passed
}
