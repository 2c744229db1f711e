package changegate.checks.artifacts_test

import data.changegate.lib_test

other_digest := "sha256:84fd56a82c661073359d0812a5511d53c02be36f57f28f08c3e487d8e064d9c2"

test_digest_mismatch_fires_alone if {
	wrong := [put(fact("0/stored/digest"), other_digest)]
	failures("high", wrong) == {"artifacts/digest-mismatch"}
	failures("low", wrong) == {"artifacts/digest-mismatch"}
	outcomes("high", wrong)["artifacts/digest-mismatch"] == lib_test.seen_with(
		failed(
			[0, "digest"],
			{"name": "model", "stated": digest, "found": other_digest},
		),
		stored,
	)
}

test_digest_mismatch_fires_where_the_path_is_absent if {
	gone := [put(fact("0/stored"), {"status": "absent", "reason": "m is not in the repository"})]
	failures("high", gone) == {"artifacts/digest-mismatch"}
	outcomes("high", gone)["artifacts/digest-mismatch"] == lib_test.seen_with(
		failed(
			[0, "path"],
			{"name": "model", "stated": digest, "found": "m is not in the repository"},
		),
		stored,
	)
}

test_digest_mismatch_fires_where_nothing_is_stated_and_nothing_is_there if {
	gone := [
		put(fact("0/stored"), {"status": "invalid", "reason": "m is a link"}),
		put(fact("0/digest"), {"stated": false}),
	]
	failures("low", gone) == {"artifacts/digest-mismatch"}
	outcomes("low", gone)["artifacts/digest-mismatch"] == lib_test.seen_with(
		failed(
			[0, "path"],
			{"name": "model", "stated": "no digest", "found": "m is a link"},
		),
		stored,
	)
}

test_digest_mismatch_passes_what_states_none if {
	bare := [put(fact("0/digest"), {"stated": false}), drop(fact("0/stored/digest"))]
	failures("high", bare) == {"artifacts/digest-missing"}
}

test_digest_mismatch_is_not_applicable_elsewhere if {
	far := [put("/facts/artifacts/artifacts", [adapter, judge])]
	outcomes("high", far)["artifacts/digest-mismatch"].outcome == "not-applicable"
	outcomes("high", far)["artifacts/size-mismatch"].outcome == "not-applicable"
}

test_digest_mismatch_missing if {
	every key in ["stored/digest", "stored/status", "digest/value", "digest/stated"] {
		"artifacts/digest-mismatch" in failures("high", [drop(fact(concat("/", ["0", key])))])
	}
}
