package changegate.checks.provenance_test

test_source_missing_fires_without_a_commit if {
	without := [put("/facts/provenance/source", {"repositoryStated": true, "commitStated": false})]
	only("provenance/source-missing", without, failed(commit, {}))
}

test_source_missing_fires_without_a_repository if {
	only("provenance/source-missing", [put("/facts/provenance/source/repositoryStated", false)], failed(commit, {}))
}

test_source_missing_passes_with_both if passes("provenance/source-missing", [])

test_source_missing_missing_fact_fails if {
	failures("high", [drop("/facts/provenance/source/repositoryStated")]) == {
		"provenance/source-missing", "provenance/source-not-allowed",
	}
	failures("high", [drop("/facts/provenance/source/commitStated")]) == {
		"provenance/source-missing", "provenance/commit-not-pinned",
	}
}
