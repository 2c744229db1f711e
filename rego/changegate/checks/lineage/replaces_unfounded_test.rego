package changegate.checks.lineage_test

stated(state) := put("/facts/lineage/replaces/state", state)

test_replaces_unfounded_fires_alone if {
	every state in ["never-was", "still-there", "claimed-twice"] {
		failures([stated(state)]) == {"lineage/replaces-unfounded"}
		found := outcomes({"critical"}, [stated(state)])["lineage/replaces-unfounded"].violations
		{one.path | some one in found} == {["metadata", "replaces"]}
		{one.details.identity | some one in found} == {"production/old"}
	}
}

test_replaces_unfounded_passes_a_rename_and_asks_nothing_of_others if {
	outcomes({"critical"}, [])["lineage/replaces-unfounded"] == passed
	every state in ["none", "settled"] {
		outcomes({"critical"}, [stated(state)])["lineage/replaces-unfounded"].outcome == "not-applicable"
	}
}

test_replaces_unfounded_missing_facts_fail if {
	every path in ["/facts/lineage/replaces", "/facts/lineage/replaces/state"] {
		outcomes({"critical"}, [drop(path)])["lineage/replaces-unfounded"] == failed(["metadata", "replaces"], {})
	}
	failures([stated("other")]) == {"lineage/replaces-unfounded"}
	failures([stated("still-there"), drop("/facts/lineage/replaces/identity")]) == {"lineage/replaces-unfounded"}
}
