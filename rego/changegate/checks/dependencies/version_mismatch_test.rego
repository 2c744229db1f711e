package changegate.checks.dependencies_test

import data.changegate.lib_test

other := {"stated": "1.2.0", "found": ["1.3.0"]}

told := object.union(other, {"related": [{"message": "there"}]})

test_version_mismatch_fires_alone if {
	failures([list("versions", told)]) == {"dependencies/version-mismatch"}
	details := object.union({"dependant": "production/a", "wanted": "production/b"}, other)
	outcomes([list("versions", told)])["dependencies/version-mismatch"] == lib_test.seen_with(failed(details), [{"message": "there"}])
}

test_version_mismatch_passes_the_version_that_is_there if outcomes([])["dependencies/version-mismatch"] == passed

test_version_mismatch_missing_facts_fail if {
	outcomes([drop("/facts/dependencies/versions")])["dependencies/version-mismatch"] == undetermined
	failures([list("versions", {"stated": "1.2.0"})]) == {"dependencies/version-mismatch"}
}
