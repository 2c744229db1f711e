package changegate.checks.approvals_test

plan_path := ["spec", "changePlan"]

with_plan := [
	put("/settings/approvals/agreedPlans", [{"model": "fraud", "owner": "payments", "digest": "sha256:1"}]),
	put("/facts/approvals/plan", {
		"status": "present", "digest": "sha256:1", "model": "fraud", "owner": "payments", "outside": [],
		"maximumLossRatio": {"recall": 0.01},
		"since": {
			"status": "present", "version": "1.0.0", "dropped": [],
			"metrics": [{"name": "recall", "label": "recall", "sameDirection": true, "regressionRatio": 0}],
		},
	}),
	{"op": "add", "path": "/settings/approvals/requiredWithinPlan", "value": {"high": [{"role": "owner", "count": 1}]}},
]

planned(patches) := outcomes("high", array.concat(with_plan, patches))

planned_failures(patches) := failures("high", array.concat(with_plan, patches))

one_approval := put("/facts/approvals/roles/owner/approvedBy", ["ana"])

replicas := {"field": "spec.serving.replicas", "place": {"path": ["spec", "serving", "replicas"]}}

leaves(path, field, left) := {"outcome": "failed", "violations": {{"path": path, "details": {"field": field, "left": left}}}}

test_outside_plan_fires_at_the_field_that_left_it if {
	bad := [one_approval, put("/facts/approvals/plan/outside", [replicas])]
	planned_failures(bad) == {"approvals/missing", "approvals/outside-plan"}
	planned(bad)["approvals/outside-plan"] == leaves(replicas.place.path, replicas.field, "changes, and the plan does not name it")
}

test_outside_plan_fires_where_a_change_goes_further_than_the_plan if {
	too_far := object.union(replicas, {"level": "breaking", "furthest": "compatible"})
	bad := [one_approval, put("/facts/approvals/plan/outside", [too_far])]
	left := "changes in a way that is breaking, and the plan goes as far as compatible"
	planned(bad)["approvals/outside-plan"] == leaves(replicas.place.path, replicas.field, left)
}

test_outside_plan_fires_where_a_metric_is_worse if {
	every patch in [
		put("/facts/evaluation/comparison/metrics/0/regressionRatio", 0.02),
		put("/facts/evaluation/comparison/metrics/0/sameDirection", false),
		put("/facts/evaluation/comparison/metrics/0/name", "precision"),
		drop("/facts/evaluation/comparison/metrics/0/regressionRatio"),
	] {
		found := planned([one_approval, patch])
		found["approvals/outside-plan"] == leaves(["spec", "evaluation"], "recall", "is worse than the plan allows")
		found["approvals/missing"].outcome == "failed"
	}
}

test_outside_plan_fires_where_nothing_can_be_compared if {
	every patch in [
		put("/facts/evaluation/comparison/metrics", []),
		put("/facts/evaluation/comparison/dropped", ["recall"]),
		put("/evidence/evaluation/comparison/status", "absent"),
	] {
		"approvals/outside-plan" in planned_failures([one_approval, patch])
		"approvals/missing" in planned_failures([one_approval, patch])
	}
}

test_outside_plan_fires_where_the_plan_is_another if {
	bad := [one_approval, put("/facts/approvals/plan/digest", "sha256:2")]
	planned_failures(bad) == {"approvals/missing", "approvals/outside-plan"}
	planned(bad)["approvals/outside-plan"] == leaves(plan_path, "changePlan", "is another one than the settings agree to")
	"approvals/missing" in planned_failures([one_approval, put("/facts/approvals/plan/owner", "others")])
}

test_outside_plan_fires_where_it_is_no_update_of_the_base if {
	every patch in [put("/previous/how", "tag"), put("/change/operation", "rollback")] {
		planned_failures([one_approval, patch]) == {"approvals/missing", "approvals/outside-plan"}
	}
}

test_outside_plan_never_covers_another_intended_use if {
	"approvals/missing" in planned_failures([one_approval, put("/facts/risk/intendedUse/changed", true)])
}

test_outside_plan_counts_one_person_for_one_role_within_it if {
	apart := [
		put("/settings/approvals/onePersonPerRole/high", true),
		{"op": "add", "path": "/facts/approvals/distinct", "value": {"release": {"high": [["ana"]]}, "withinPlan": {"high": [["bo"]]}}},
	]
	planned(apart)["approvals/missing"] == passed
	without := array.concat(apart, [put("/facts/approvals/distinct/withinPlan/high", [[]])])
	"approvals/missing" in planned_failures(without)
}

test_outside_plan_passes_within_it if {
	planned([])["approvals/outside-plan"] == passed
	planned_failures([one_approval]) == set()
}

test_outside_plan_is_about_agreed_plans_alone if {
	every patch in [
		put("/settings/approvals/agreedPlans", []),
		put("/facts/approvals/plan", {"status": "absent"}),
		put("/facts/approvals/plan/model", "another"),
		put("/change/operation", "unchanged"),
	] {
		planned([patch])["approvals/outside-plan"].outcome == "not-applicable"
	}
}

test_outside_plan_missing_facts_fail if {
	every path in ["/facts/approvals/plan", "/settings/approvals/agreedPlans", "/facts/approvals/plan/outside"] {
		"approvals/outside-plan" in planned_failures([drop(path)])
	}
}

fallen_since(ratio) := [put("/facts/approvals/plan/since/metrics/0/regressionRatio", ratio)]

test_outside_plan_counts_from_where_the_plan_was_agreed_to if {
	planned(fallen_since(0.01))["approvals/outside-plan"].outcome == "passed"
	some violation in planned(fallen_since(0.011))["approvals/outside-plan"].violations
	violation.details == {
		"field": "recall",
		"left": "is worse than the plan allows, counted from 1.0.0, at which it was agreed to",
	}
}

test_outside_plan_needs_the_release_where_the_plan_was_agreed_to if {
	unknown := {"status": "unavailable", "reason": "why"}
	some violation in planned([put("/facts/approvals/plan/since", unknown)])["approvals/outside-plan"].violations
	violation.details.left == "cannot be held against the release at which the plan was agreed to: why"
	every path in ["", "/status", "/metrics", "/dropped", "/metrics/0/regressionRatio", "/metrics/0/sameDirection"] {
		planned([drop(concat("", ["/facts/approvals/plan/since", path]))])["approvals/outside-plan"].outcome == "failed"
	}
	planned([put("/facts/approvals/plan/since/dropped", ["recall"])])["approvals/outside-plan"].outcome == "failed"
}
