package changegate.checks.provenance_test

test_artifact_altered_fires if {
	only("provenance/artifact-altered", [put("/facts/provenance/signed/0/model/altered", [{"artifact": "model", "name": "model.safetensors"}])], failed_at(at_file, {"artifact": "model", "name": "model.safetensors"}))
}

test_artifact_altered_passes if passes("provenance/artifact-altered", [])

test_artifact_altered_leaves_alone_what_is_not_asked if {
	low := array.concat(unasked, [put("/facts/provenance/signed/0/model/altered", [{"artifact": "model", "name": "model.safetensors"}])])
	is_na("provenance/artifact-altered", "low", low)
	"provenance/artifact-altered" in failures("medium", low)
}

test_artifact_altered_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/facts/provenance/signed/0/model", "/facts/provenance/signed/0/model/altered"] {
		"provenance/artifact-altered" in failures("high", [drop(path)])
	}
}
