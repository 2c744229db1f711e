package changegate.checks.lineage_test

import data.changegate.lib_test

bump := "lineage/version-bump-too-small"

stepped(level, made) := put("/change/step", {
	"status": "compared",
	"level": level,
	"made": made,
	"next": {"major": "3.0.0", "minor": "2.5.0", "patch": "2.4.1"},
})

bumped(patches) := outcomes({"critical"}, patches)[bump]

test_version_bump_too_small_fires_with_the_version_to_write if {
	details := {"level": "breaking", "made": "minor", "needed": "3.0.0"}
	failures([stepped("breaking", "minor")]) == {bump}
	bumped([stepped("breaking", "minor")]) == lib_test.seen_with(failed(["spec", "version"], details), [lib_test.before(["spec", "version"])])
	minor := put("/settings/lineage/minorFor", ["could-be-breaking"])
	bumped([stepped("could-be-breaking", "patch"), minor]).violations[_].details.needed == "2.5.0"
}

test_version_bump_too_small_passes_a_step_that_is_large_enough if {
	bumped([stepped("breaking", "major")]) == passed
	every made in ["major", "minor", "patch"] { bumped([stepped("could-be-breaking", made)]) == passed }
	bumped([stepped("compatible", "patch")]) == passed
}

test_version_bump_too_small_does_not_apply_where_nothing_is_compared if {
	step := put("/change/step", {"status": "not-compared", "reason": "the version did not rise"})
	bumped([step]) == {"outcome": "not-applicable", "reason": "the version did not rise"}
}

test_version_bump_too_small_missing_facts_fail if {
	every path in ["/change/step", "/settings/lineage/majorFor", "/settings/lineage/minorFor"] {
		failures([drop(path)]) == {bump}
	}
	every path in ["/change/step/level", "/change/step/made", "/change/step/status"] {
		count(failures([stepped("compatible", "patch"), drop(path)]) - {bump}) == 0
	}
	failures([stepped("odd", "patch")]) == {bump}
	failures([stepped("compatible", "odd")]) == {bump}
}
