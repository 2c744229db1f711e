package changegate.checks.provenance_test

test_signed_twice_fires if {
	only("provenance/signed-twice", [put("/facts/provenance/signed/0/model/duplicates", ["a"])], failed_at(at_file, {"what": "signature", "names": ["a"]}))
}

test_signed_twice_passes if passes("provenance/signed-twice", [])

test_signed_twice_leaves_alone_what_is_not_asked if {
	low := array.concat(unasked, [put("/facts/provenance/signed/0/model/duplicates", ["a"])])
	is_na("provenance/signed-twice", "low", low)
	"provenance/signed-twice" in failures("medium", low)
}

test_signed_twice_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/facts/provenance/signed/0/model", "/facts/provenance/signed/0/model/duplicates"] {
		"provenance/signed-twice" in failures("high", [drop(path)])
	}
}
