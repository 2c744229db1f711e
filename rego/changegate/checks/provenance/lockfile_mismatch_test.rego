package changegate.checks.provenance_test

test_lockfile_mismatch_fires_at_the_digest if {
	changed := {"status": "invalid", "reason": "it has another digest", "place": {"path": array.concat(lockfile, ["digest"])}}
	only(
		"provenance/lockfile-mismatch", [put("/evidence/provenance/lockfile", changed)],
		failed(array.concat(lockfile, ["digest"]), {"reason": "it has another digest"}),
	)
}

test_lockfile_mismatch_fires_without_one if {
	none := {"status": "absent", "reason": "none is named", "place": {"path": lockfile}}
	only(
		"provenance/lockfile-mismatch", [put("/evidence/provenance/lockfile", none)],
		failed(lockfile, {"reason": "none is named"}),
	)
}

test_lockfile_mismatch_passes if passes("provenance/lockfile-mismatch", [])

test_lockfile_mismatch_unavailable_is_unknown if {
	unseen := {"status": "unavailable", "reason": "it was not handed in", "place": {"path": lockfile}}
	outcomes("high", [put("/evidence/provenance/lockfile", unseen)])["provenance/lockfile-mismatch"] == {
		"outcome": "unknown",
		"reason": "it was not handed in",
	}
}

test_lockfile_mismatch_missing_status_fails if {
	only("provenance/lockfile-mismatch", [drop("/evidence/provenance/lockfile/status")], failed(lockfile, {}))
	only("provenance/lockfile-mismatch", [drop("/evidence/provenance/lockfile")], failed(lockfile, {}))
}
