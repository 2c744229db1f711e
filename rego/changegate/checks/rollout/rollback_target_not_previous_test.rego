package changegate.checks.rollout_test

import data.changegate.lib_test

test_rollback_target_not_previous_fires_alone if {
	other := [put("/release/spec/rollout/rollback/to", "2.0.0"), put("/facts/rollout/rollback/to", "2.0.0")]
	failures("high", other) == {"rollout/rollback-target-not-previous"}
	outcomes("high", other)["rollout/rollback-target-not-previous"] == lib_test.seen_with(
		failed(
			["spec", "rollout", "rollback", "to"],
			{"target": "2.0.0"},
		),
		[lib_test.before(["spec", "version"])],
	)
	failures("high", array.concat(other, [put("/change/operation", "rollback")])) == set()
}

test_rollback_target_not_previous_passes_the_target_of_a_kept_version if {
	same := [
		put("/release/spec/version", "2.3.1"),
		put("/release/spec/rollout/rollback/to", "2.2.0"),
		add("/previous/release/spec/rollout", {"rollback": {"to": "2.2.0"}}),
	]
	outcomes("high", same)["rollout/rollback-target-not-previous"] == passed
	itself := [put("/release/spec/version", "2.3.1")]
	outcomes("high", itself)["rollout/rollback-target-not-previous"].outcome == "failed"
}

test_rollback_target_not_previous_has_nothing_to_compare_with_where_a_kept_version_named_none if {
	kept := [put("/release/spec/version", "2.3.1"), put("/release/spec/rollout/rollback/to", "2.2.0")]
	outcomes("high", kept)["rollout/rollback-target-not-previous"].outcome == "failed"
	none := array.concat(kept, [put("/facts/rollout/rollback/targetKnown", false)])
	outcomes("high", none)["rollout/rollback-target-not-previous"].outcome == "not-applicable"
}

test_rollback_target_not_previous_missing_versions_fail if {
	every path in ["/previous/release", "/previous/release/spec/version", "/release/spec/version", "/release/spec/rollout/rollback/to"] {
		"rollout/rollback-target-not-previous" in failures("high", [drop(path)])
	}
}

test_previous_unavailable_is_unknown if {
	gone := [put("/previous", {"status": "unavailable", "reason": "a shallow clone"})]
	outcomes("high", gone)["rollout/rollback-target-not-previous"] == {"outcome": "unknown", "reason": "a shallow clone"}
}

test_previous_invalid_fails if {
	broken := [put("/previous", {"status": "invalid", "reason": "not YAML"})]
	outcomes("high", broken)["rollout/rollback-target-not-previous"].outcome == "failed"
}
