package changegate.checks.features_test

breaking(directions) := [
	add(facts_path("/contracts/0/changes/1"), {
		"name": "amount", "kind": "nulls-added", "breaks": directions, "place": contract_place(["features", 0, "nullable"]),
	}),
	put(facts_path("/contracts/0/versionMoved"), "raised"),
]

in_mode(mode) := [put(facts_path("/contracts/0/compatibility"), mode)]

test_compatibility_broken_fires_alone if {
	failures("high", breaking(["forward"])) == {"features/compatibility-broken"}
	outcomes("high", breaking(["forward"]))["features/compatibility-broken"] == failed_with({
		"at": {"file": file, "revision": "head", "path": ["features", 0, "nullable"]},
		"details": {"contract": "transactions", "name": "amount", "kind": "nulls-added", "mode": "full-transitive"},
	})
}

test_compatibility_broken_by_mode_and_direction if {
	broken := {[mode, direction] |
		some mode in ["none", "backward", "forward", "full", "backward-transitive", "forward-transitive", "full-transitive"]
		some direction in ["backward", "forward"]
		"features/compatibility-broken" in failures("high", array.concat(breaking([direction]), in_mode(mode)))
	}
	broken == {
		["backward", "backward"], ["backward-transitive", "backward"],
		["forward", "forward"], ["forward-transitive", "forward"],
		["full", "backward"], ["full", "forward"], ["full-transitive", "backward"], ["full-transitive", "forward"],
	}
}

test_compatibility_broken_passes_what_the_mode_keeps if {
	passes("high", array.concat(breaking(["forward"]), in_mode("backward")))["features/compatibility-broken"]
}

test_compatibility_broken_asks_the_settings_where_the_contract_says_nothing if {
	unsaid_mode := array.concat(breaking(["forward"]), in_mode("not-said"))
	failures("high", unsaid_mode) == set()
	by_default := array.concat(unsaid_mode, [put("/settings/features/defaultCompatibility", "forward")])
	failures("high", by_default) == {"features/compatibility-broken"}
}

test_compatibility_broken_fires_in_a_mode_that_nobody_knows if {
	"features/compatibility-broken" in failures("high", in_mode("sideways"))
}

test_compatibility_broken_missing if {
	every key in ["/contracts/0/compatibility", "/contracts/0/changes", "/contracts/0/changes/0/breaks", "/contracts"] {
		"features/compatibility-broken" in failures("high", [drop(facts_path(key))])
	}
	"features/compatibility-broken" in failures("high", [drop("/settings/features/defaultCompatibility")])
}
