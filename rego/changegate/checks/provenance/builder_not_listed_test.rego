package changegate.checks.provenance_test

test_builder_not_listed_fires if only("provenance/builder-not-listed", [put("/facts/provenance/signed/1/attested/speaker/listed", false)], failed_at(at_file, {"predicateType": "https://slsa.dev/provenance/v1", "role": "builder", "id": "https://trainer"}))

test_builder_not_listed_passes if passes("provenance/builder-not-listed", [])

test_builder_not_listed_leaves_alone_what_is_not_there if {
	is_na("provenance/builder-not-listed", "high", [drop("/facts/provenance/signed/1")])
}

test_builder_not_listed_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/facts/provenance/signed/1/attested/speaker/listed"] {
		"provenance/builder-not-listed" in failures("high", [drop(path)])
	}
}

test_builder_not_listed_leaves_alone_what_nobody_has_to_sign if {
	is_na("provenance/builder-not-listed", "high", array.concat(unasked, [put("/facts/provenance/signed/1/attested/speaker/listed", false), put("/facts/provenance/signed/1/covers", [])]))
}
