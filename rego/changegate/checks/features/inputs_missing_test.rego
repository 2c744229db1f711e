package changegate.checks.features_test

test_inputs_missing_fires_alone if {
	none := [
		put(facts_path("/block"), "absent"), put(facts_path("/inputs"), []), put(facts_path("/contracts"), []),
		put("/evidence/features", {"status": "absent", "reason": "none", "contracts": []}),
	]
	failures("high", none) == {"features/inputs-missing"}
	outcomes("high", none)["features/inputs-missing"] == failed(["inputs"], {})
}

test_inputs_missing_passes_where_the_task_reads_none if {
	stated := [put(facts_path("/block"), "not-applicable"), put(facts_path("/inputs"), [])]
	"features/inputs-missing" in failures("high", stated)
	found := outcomes("high", array.concat(stated, [put("/release/spec/task", "generation")]))
	found["features/inputs-missing"].outcome == "not-applicable"
}

test_inputs_missing_missing if {
	every key in ["/facts/features/block", "/facts/features/inputs", "/settings/features/inputsFrom"] {
		"features/inputs-missing" in failures("high", [drop(key)])
	}
}
