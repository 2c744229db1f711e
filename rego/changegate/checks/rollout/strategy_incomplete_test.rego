package changegate.checks.rollout_test

tiered(stated) := [put("/facts/rollout/needs", [{"block": "tiers", "stated": stated}]), put("/facts/rollout/strategy", "tiered")]

test_strategy_incomplete_fires_at_the_block if {
	found := outcomes("high", tiered(false))["rollout/strategy-incomplete"]
	found.outcome == "failed"
	{[one.path, one.details.strategy, one.details.block] | some one in found.violations} == {[["spec", "rollout", "tiers"], "tiered", "tiers"]}
	every one in found.violations { one.details.needed != "" }
}

test_strategy_incomplete_passes_with_the_block if outcomes("high", tiered(true))["rollout/strategy-incomplete"] == passed

test_strategy_incomplete_missing_facts_fail if {
	outcomes("high", [drop("/facts/rollout/needs")])["rollout/strategy-incomplete"].outcome == "failed"
	unsaid := array.concat(tiered(true), [drop("/facts/rollout/needs/0/stated")])
	outcomes("high", unsaid)["rollout/strategy-incomplete"].outcome == "failed"
	nameless := array.concat(tiered(false), [drop("/facts/rollout/needs/0/block")])
	outcomes("high", nameless)["rollout/strategy-incomplete"] == failed(["spec", "rollout", "strategy"], {})
}
