package changegate.checks.external_test

test_moment_impossible_fires_alone if {
	future := put("/facts/external/obtained", "future")
	failures([future]) == {"external/moment-impossible"}
	expected := failed(array.concat(block, ["obtainedAt"]), {"reason": "it lies in the future"})
	outcomes("high", [future])["external/moment-impossible"] == expected
}

test_moment_impossible_passes_what_is_past if outcomes("high", [])["external/moment-impossible"] == passed

test_moment_impossible_missing_moment_fails if {
	failures([drop("/facts/external/obtained")]) == {"external/moment-impossible"}
	failures([put("/facts/external/obtained", "none")]) == {"external/moment-impossible"}
}
