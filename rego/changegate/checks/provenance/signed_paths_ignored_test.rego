package changegate.checks.provenance_test

test_signed_paths_ignored_fires if {
	only("provenance/signed-paths-ignored", [put("/facts/provenance/signed/0/model/ignored", ["weights"])], failed_at(at_file, {"what": "signature", "paths": ["weights"]}))
}

test_signed_paths_ignored_passes if passes("provenance/signed-paths-ignored", [])

test_signed_paths_ignored_leaves_alone_what_is_not_asked if {
	low := array.concat(unasked, [put("/facts/provenance/signed/0/model/ignored", ["weights"])])
	is_na("provenance/signed-paths-ignored", "low", low)
	"provenance/signed-paths-ignored" in failures("medium", low)
}

test_signed_paths_ignored_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/facts/provenance/signed/0/model", "/facts/provenance/signed/0/model/ignored"] {
		"provenance/signed-paths-ignored" in failures("high", [drop(path)])
	}
}
