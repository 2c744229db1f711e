package changegate.checks.provenance_test

test_signed_algorithm_weak_fires if {
	only("provenance/signed-algorithm-weak", [put("/facts/provenance/signed/0/model/algorithms", ["md5", "sha256"])], failed_at(at_file, {"what": "signature", "algorithms": ["md5", "sha256"]}))
}

test_signed_algorithm_weak_passes if passes("provenance/signed-algorithm-weak", [])

test_signed_algorithm_weak_leaves_alone_what_is_not_asked if {
	low := array.concat(unasked, [put("/facts/provenance/signed/0/model/algorithms", ["md5", "sha256"])])
	is_na("provenance/signed-algorithm-weak", "low", low)
	"provenance/signed-algorithm-weak" in failures("medium", low)
}

test_signed_algorithm_weak_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/facts/provenance/signed/0/model", "/facts/provenance/signed/0/model/algorithms"] {
		"provenance/signed-algorithm-weak" in failures("high", [drop(path)])
	}
}
