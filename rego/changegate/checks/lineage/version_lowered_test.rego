package changegate.checks.lineage_test

import data.changegate.lib_test

by_version := {"lineage/content-changed-under-version", "lineage/version-form-changed", "lineage/version-lowered"}

lowered := put("/facts/lineage/version", {"lowered": true, "formKept": true, "ranBefore": false, "before": "2.4.0"})

test_version_lowered_fires_alone if {
	failures([lowered]) == {"lineage/version-lowered"}
	details := {"version": "2.3.0", "previous": "2.4.0", "file": "models/a.yaml"}
	outcomes({"critical"}, [lowered])["lineage/version-lowered"] == lib_test.seen_with(failed(["spec", "version"], details), [lib_test.before(["spec", "version"])])
}

test_version_lowered_passes_a_return_to_what_ran if {
	returned := put("/facts/lineage/version/ranBefore", true)
	outcomes({"critical"}, [lowered, returned])["lineage/version-lowered"] == passed
	outcomes(low, [lowered])["lineage/version-lowered"].outcome == "not-applicable"
}

test_version_lowered_missing_facts_fail if {
	failures([drop("/facts/lineage/version/lowered")]) == {"lineage/version-lowered"}
	failures([drop("/facts/lineage/version")]) == {"lineage/version-form-changed", "lineage/version-lowered"}
	every path in ["/previous/status", "/settings/lineage/versionFrom"] { failures([drop(path)]) == by_version }
	every path in ["/facts/lineage/version/before", "/facts/lineage/version/ranBefore", "/release", "/previous/file"] {
		failures([lowered, drop(path)]) == {"lineage/version-lowered"}
	}
	failures([put("/settings/lineage/versionFrom", "typo")]) == by_version
}

test_version_lowered_needs_a_previous_release_to_compare_with if {
	every status, outcome in {"absent": "not-applicable", "invalid": "not-applicable", "unavailable": "unknown"} {
		previous := put("/previous", {"status": status, "reason": "why"})
		outcomes({"critical"}, [lowered, previous])["lineage/version-lowered"].outcome == outcome
	}
}
