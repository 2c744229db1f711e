package changegate.checks.provenance_test

test_artifact_unsigned_fires if {
	only("provenance/artifact-unsigned", [put("/facts/provenance/signed/0/model/unsigned", [{"artifact": "adapter", "role": "adapter"}, {"artifact": "prompt", "role": "prompt"}])], failed_at(at_file, {"what": "signature", "names": ["adapter"]}))
}

test_artifact_unsigned_passes if passes("provenance/artifact-unsigned", [])

test_artifact_unsigned_leaves_alone_what_is_not_asked if {
	low := array.concat(unasked, [put("/facts/provenance/signed/0/model/unsigned", [{"artifact": "adapter", "role": "adapter"}, {"artifact": "prompt", "role": "prompt"}])])
	is_na("provenance/artifact-unsigned", "low", low)
	"provenance/artifact-unsigned" in failures("medium", low)
}

test_artifact_unsigned_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/facts/provenance/signed/0/model", "/facts/provenance/signed/0/model/unsigned"] {
		"provenance/artifact-unsigned" in failures("high", [drop(path)])
	}
}

test_artifact_unsigned_fires_on_files_of_a_folder if {
	extra := [put("/facts/provenance/signed/0/model/extra", ["evil.py"])]
	only("provenance/artifact-unsigned", extra, failed_at(at_file, {"what": "signature", "names": ["evil.py"]}))
}

test_artifact_unsigned_missing_settings_fail if {
	"provenance/artifact-unsigned" in failures("high", [drop("/settings/provenance/signedRoles")])
	"provenance/artifact-unsigned" in failures("high", [drop("/facts/provenance/signed/0/model/extra")])
}

test_artifact_unsigned_passes_what_another_rule_tells if {
	passes("provenance/artifact-unsigned", [put("/facts/provenance/signed/0/model/method", "shards")])
	passes("provenance/artifact-unsigned", [put("/facts/provenance/signed/0/model/bound", [])])
}

test_artifact_unsigned_passes_roles_that_nobody_has_to_sign if {
	unsigned := put("/facts/provenance/signed/0/model/unsigned", [{"artifact": "prompt", "role": "prompt"}])
	passes("provenance/artifact-unsigned", [unsigned])
	nameless := put("/facts/provenance/signed/0/model/unsigned", [{"role": "prompt"}])
	"provenance/artifact-unsigned" in failures("high", [nameless])
}
