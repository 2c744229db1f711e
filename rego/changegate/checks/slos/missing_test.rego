package changegate.checks.slos_test

test_missing_fires_alone if {
	none := [put("/facts/slos", {"block": "absent", "kinds": [], "slos": []})]
	failures("high", none) == {"slos/missing"}
	outcomes("high", none)["slos/missing"] == failed([], {})
}

test_missing_fires_on_a_block_without_entries if "slos/missing" in failures("high", [put("/facts/slos/slos", [])])

test_missing_passes_with_one_objective if outcomes("high", [drop("/facts/slos/slos/2"), drop("/facts/slos/slos/1")])["slos/missing"] == passed

test_missing_missing_block_fails if {
	"slos/missing" in failures("high", [drop("/facts/slos/block")])
	"slos/missing" in failures("high", [drop("/facts/slos/slos")])
}

test_not_applicable_on_batch_only if {
	stated := [put("/facts/slos", {"block": "not-applicable", "kinds": [], "slos": []})]
	failures("high", stated) == {"slos/missing"}
	failures("high", array.concat(stated, [put("/release/spec/serving/platform", "batch")])) == set()
}
