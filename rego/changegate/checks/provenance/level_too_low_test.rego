package changegate.checks.provenance_test

level_two := put("/settings/provenance/minimumBuildLevel/high", 2)

test_level_too_low_fires if {
	only("provenance/level-too-low", [level_two, put("/facts/provenance/signed/1/attested/buildLevel", 1)], failed(attestations, {"found": 1, "minimum": 2}))
}

test_level_too_low_fires_where_it_is_about_nothing if {
	failures("high", [level_two, put("/facts/provenance/signed/1/attested/about", [])]) == {"provenance/level-too-low"}
}

test_level_too_low_passes if passes("provenance/level-too-low", [level_two])

test_level_too_low_is_not_asked_by_itself if is_na("provenance/level-too-low", "low", [])

test_level_too_low_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/facts/provenance/signed/1/attested/buildLevel", "/facts/provenance/signed/1/attested/about", "/settings/provenance/minimumBuildLevel"] {
		"provenance/level-too-low" in failures("high", [level_two, drop(path)])
	}
}
