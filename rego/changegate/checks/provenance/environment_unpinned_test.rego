package changegate.checks.provenance_test

test_environment_unpinned_fires if {
	tagged := [
		put("/facts/provenance/environment/imagePinned", false),
		add("/facts/provenance/environment/imageReason", "it names a tag"),
	]
	only("provenance/environment-unpinned", tagged, failed(
		["spec", "provenance", "environment", "image"],
		{"reason": "it names a tag"},
	))
}

test_environment_unpinned_passes if passes("provenance/environment-unpinned", [])

test_environment_unpinned_missing_fact_fails if {
	failures("high", [drop("/facts/provenance/environment/imagePinned")]) == {"provenance/environment-unpinned"}
}
