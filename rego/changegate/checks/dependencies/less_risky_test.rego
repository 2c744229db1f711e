package changegate.checks.dependencies_test

import data.changegate.lib_test

end(tier) := {"claims": {"tier": tier, "safetyCritical": false}}

both(needs, needed) := list("risks", {"needs": needs, "needed": needed, "related": [{"message": "there"}]})

lesser := {"dependant": "production/a", "wanted": "production/b", "tier": "high", "lower": "low"}

test_less_risky_fires_alone if {
	failures([both(end("high"), end("low"))]) == {"dependencies/less-risky"}
	outcomes([both(end("high"), end("low"))])["dependencies/less-risky"] == lib_test.seen_with(failed(lesser), [{"message": "there"}])
}

test_less_risky_fires_by_the_inventory_and_the_floors if {
	listed := object.union(end("low"), {"inventory": {"tier": "high"}})
	failures([both(listed, end("low"))]) == {"dependencies/less-risky"}
	failures([both({"claims": {"tier": "low", "safetyCritical": true}}, end("high"))]) == {"dependencies/less-risky"}
	outcomes([both(end("high"), listed)])["dependencies/less-risky"] == passed
}

test_less_risky_passes_what_is_as_risky if {
	every pair in [["high", "high"], ["low", "critical"], ["low", "low"]] {
		outcomes([both(end(pair[0]), end(pair[1]))])["dependencies/less-risky"] == passed
	}
}

test_less_risky_missing_facts_fail if {
	outcomes([drop("/facts/dependencies/risks")])["dependencies/less-risky"] == undetermined
	outcomes([drop("/settings")])["dependencies/less-risky"] == undetermined
	failures([both({"claims": {}}, end("low"))]) == {"dependencies/less-risky"}
	failures([both(end("high"), {})]) == {"dependencies/less-risky"}
	failures([list("risks", {"needs": end("low")})]) == {"dependencies/less-risky"}
}
