package changegate.checks.operations_test

owed := {
	"rule": "rollout/bake-too-short", "incident": "INC-7", "version": "2.4.1", "followUp": "Measure it again.", "forThisVersion": false,
	"at": {"file": ".changegate/waivers.yaml", "revision": "base", "path": ["waivers", 0, "breakGlass", "followUp"]},
}

owing(entry) := put("/facts/operations/followUps", [entry])

follow_up(patches) := outcomes("high", patches)["operations/follow-up-open"]

test_follow_up_open_fires_alone if {
	failures("high", [owing(owed)]) == {"operations/follow-up-open"}
	follow_up([owing(owed)]) == {"outcome": "failed", "violations": {{
		"path": ["spec", "version"],
		"details": {"incident": "INC-7", "rule": "rollout/bake-too-short", "version": "2.4.1", "followUp": "Measure it again."},
		"related": [{"message": "the waiver of the incident", "at": owed.at}],
	}}}
}

test_follow_up_open_passes_where_nothing_is_owed if {
	outcomes("high", [])["operations/follow-up-open"] == passed
	follow_up([owing(object.union(owed, {"forThisVersion": true}))]) == passed
}

test_follow_up_open_lets_a_rollback_through if {
	follow_up([owing(owed), put("/change/operation", "rollback")]).outcome == "not-applicable"
	follow_up([owing(owed), put("/change/operation", "unchanged")]).outcome == "not-applicable"
}

test_follow_up_open_missing_facts_fail if {
	every path in ["/facts/operations/followUps", "/change/operation"] {
		follow_up([drop(path)]) == failed(["spec", "version"], {})
	}
	follow_up([owing(object.remove(owed, ["forThisVersion"]))]) == failed(["spec", "version"], {})
	follow_up([owing(object.remove(owed, ["incident"]))]) == failed(["spec", "version"], {})
}
