package changegate.checks.approvals_test

old_approval := [put("/facts/approvals/ageSeconds/ana", 101)]

test_too_old_fires_beside_what_is_missing_then if {
	failures("high", old_approval) == {"approvals/missing", "approvals/too-old"}
	outcomes("high", old_approval)["approvals/too-old"] == failed({"maximumSeconds": 100, "tooOldBy": ["ana"]})
	outcomes("high", old_approval)["approvals/missing"] == failed({
		"role": "owner", "neededCount": 2, "approvedBy": ["bo"], "candidates": ["chidi", "ana"],
	})
}

test_too_old_passes_to_the_second if {
	outcomes("high", [put("/facts/approvals/ageSeconds/ana", 100)])["approvals/too-old"] == passed
}

test_too_old_passes_what_has_no_time if {
	undated := [drop("/facts/approvals/ageSeconds/ana"), put("/facts/approvals/undated", ["ana"])]
	failures("high", undated) == set()
}

test_too_old_missing_facts_fail if {
	"approvals/too-old" in failures("high", [drop("/facts/approvals/ageSeconds")])
	"approvals/too-old" in failures("high", [drop("/facts/approvals/ageSeconds/ana")])
	"approvals/too-old" in failures("high", [drop("/settings/approvals/maximumAgeSeconds/high")])
	"approvals/missing" in failures("high", [drop("/settings/approvals/maximumAgeSeconds/high")])
}
