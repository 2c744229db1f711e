package changegate.checks.lineage_test

import data.changegate.lib_test

renamed := put("/facts/lineage/version", {"lowered": false, "formKept": false, "ranBefore": false, "before": "2.4.0"})

test_version_form_changed_fires_alone if {
	failures([renamed]) == {"lineage/version-form-changed"}
	details := {"version": "2.3.0", "previous": "2.4.0"}
	expected := lib_test.seen_with(failed(["spec", "version"], details), [lib_test.before(["spec", "version"])])
	outcomes({"critical"}, [renamed])["lineage/version-form-changed"] == expected
}

test_version_form_changed_passes_what_has_an_order if {
	outcomes({"critical"}, [])["lineage/version-form-changed"] == passed
	outcomes(low, [renamed])["lineage/version-form-changed"].outcome == "not-applicable"
}

test_version_form_changed_missing_facts_fail if {
	failures([drop("/facts/lineage/version/formKept")]) == {"lineage/version-form-changed"}
	every path in ["/facts/lineage/version/before", "/release", "/previous/file"] {
		failures([renamed, drop(path)]) == {"lineage/version-form-changed"}
	}
}

test_version_form_changed_needs_a_previous_release_to_compare_with if {
	every status, outcome in {"absent": "not-applicable", "invalid": "not-applicable", "unavailable": "unknown"} {
		previous := put("/previous", {"status": status, "reason": "why"})
		outcomes({"critical"}, [renamed, previous])["lineage/version-form-changed"].outcome == outcome
	}
}
