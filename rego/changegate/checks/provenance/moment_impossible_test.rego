package changegate.checks.provenance_test

snapshot_at := ["spec", "provenance", "trainingData", 0, "snapshotAt"]

test_moment_impossible_fires if {
	every status, reason in {"future": "it lies in the future", "none": "it is no moment that exists"} {
		wrong := [put("/facts/provenance/moments/0/status", status)]
		only("provenance/moment-impossible", wrong, failed(snapshot_at, {"name": "snapshotAt of transactions", "reason": reason}))
	}
}

test_moment_impossible_passes if passes("provenance/moment-impossible", [])

test_moment_impossible_is_not_applicable_where_none_is_stated if {
	found := outcomes("high", [put("/facts/provenance/moments", [])])
	found["provenance/moment-impossible"].outcome == "not-applicable"
}

test_moment_impossible_missing if {
	every path in ["/facts/provenance/moments", "/facts/provenance/moments/0/status"] {
		failures("high", [drop(path)]) == {"provenance/moment-impossible"}
	}
	failures("high", [drop("/settings/provenance/momentsFrom")]) == {
		"provenance/moment-impossible", "provenance/moments-out-of-order",
	}
}
