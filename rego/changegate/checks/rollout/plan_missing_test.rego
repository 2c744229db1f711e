package changegate.checks.rollout_test

test_plan_missing_fires_alone if {
	without := [put("/facts/rollout", {"plan": "absent", "batch": false, "served": []})]
	failures("critical", without) == {"rollout/plan-missing"}
	outcomes("high", without)["rollout/plan-missing"] == failed(["spec", "rollout"], {})
}

test_plan_missing_missing_status_fails if "rollout/plan-missing" in failures("high", [drop("/facts/rollout/plan")])

test_plan_missing_passes_with_one if outcomes("high", [])["rollout/plan-missing"] == passed

test_plan_not_applicable_on_batch_only if {
	stated := [put("/facts/rollout", {"plan": "not-applicable", "batch": false, "served": []})]
	failures("high", stated) == {"rollout/plan-missing"}
	batch := array.concat(stated, [put("/release/spec/serving/platform", "batch")])
	failures("high", batch) == set()
}
