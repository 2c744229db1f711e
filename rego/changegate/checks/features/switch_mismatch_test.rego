package changegate.checks.features_test

elsewhere := [
	put(facts_path("/featureSwitch/leads"), "elsewhere"),
	put(facts_path("/featureSwitch/version"), "2"),
]

test_switch_mismatch_fires_alone if {
	failures("high", elsewhere) == {"features/switch-mismatch"}
	outcomes("high", elsewhere)["features/switch-mismatch"] == failed_with({
		"path": ["spec", "rollout", "featureSwitch", "version"],
		"details": {"pipeline": "transactions", "version": "2", "contractVersion": "3"},
		"related": [{"message": "the contract's version"}],
	})
}

test_switch_mismatch_passes_nothing_it_did_not_look_at if {
	every leads in ["nowhere", "to-no-contract"] {
		outcomes("high", [put(facts_path("/featureSwitch/leads"), leads)])["features/switch-mismatch"].outcome == "not-applicable"
	}
}

test_switch_mismatch_missing if {
	every key in ["/featureSwitch", "/featureSwitch/leads"] {
		"features/switch-mismatch" in failures("high", [drop(facts_path(key))])
	}
	"features/switch-mismatch" in failures("high", [drop("/settings/features/lockedFrom")])
	every key in ["pipeline", "version", "contractVersion", "related"] {
		"features/switch-mismatch" in failures("high", array.concat(elsewhere, [drop(facts_path(concat("", ["/featureSwitch/", key])))]))
	}
}
