package changegate.checks.artifacts_test

import data.changegate.lib_test

test_size_mismatch_fires_alone if {
	wrong := [put(fact("0/stored/sizeBytes"), 48210943)]
	failures("high", wrong) == {"artifacts/size-mismatch"}
	failures("low", wrong) == {"artifacts/size-mismatch"}
	outcomes("high", wrong)["artifacts/size-mismatch"] == lib_test.seen_with(
		failed(
			[0, "sizeBytes"],
			{"name": "model", "stated": 48210944, "found": 48210943},
		),
		stored,
	)
}

test_size_mismatch_passes_what_states_none if {
	failures("low", [put(fact("0/size"), {"stated": false, "known": true, "bytes": 48210944})]) == set()
}

test_size_mismatch_missing if {
	every key in ["stored/sizeBytes", "stored/status", "size/statedBytes", "size/stated"] {
		"artifacts/size-mismatch" in failures("high", [drop(fact(concat("/", ["0", key])))])
	}
}
