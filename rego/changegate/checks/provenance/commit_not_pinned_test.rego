package changegate.checks.provenance_test

test_commit_not_pinned_fires_on_a_short_id if {
	short := [put("/facts/provenance/source/commitHexDigitsCount", 7)]
	only("provenance/commit-not-pinned", short, failed(commit, {"hexDigitsCount": 7}))
	failures("high", [put("/facts/provenance/source/commitHexDigitsCount", 41)]) == {"provenance/commit-not-pinned"}
	failures("high", [put("/facts/provenance/source/commitHexDigitsCount", 63)]) == {"provenance/commit-not-pinned"}
}

test_commit_not_pinned_passes_with_sha256_ids if {
	passes("provenance/commit-not-pinned", [put("/facts/provenance/source/commitHexDigitsCount", 64)])
}

test_commit_not_pinned_missing_fact_fails if {
	only("provenance/commit-not-pinned", [drop("/facts/provenance/source/commitHexDigitsCount")], failed(commit, {}))
}
