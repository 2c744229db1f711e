package changegate.checks.artifacts_test

test_size_missing_fires_alone if {
	without := [
		put(fact("1/size"), {"stated": false, "known": false}),
		put(fact("1/growth"), {"status": "unsized"}),
	]
	failures("high", without) == {"artifacts/size-missing"}
	outcomes("high", without)["artifacts/size-missing"] == failed([1, "sizeBytes"], {"name": "adapter"})
}

test_size_missing_passes_what_is_stated if outcomes("high", [])["artifacts/size-missing"] == passed

test_size_missing_missing if failures("high", [drop(fact("1/size/stated"))]) == {"artifacts/size-missing"}
