package changegate.checks.risk_test

test_intended_use_missing_fires_alone if {
	without := [put("/facts/risk/intendedUse/stated", false)]
	failures(without) == {"risk/intended-use-missing"}
	outcomes(without)["risk/intended-use-missing"] == failed(use_path, {})
}

test_intended_use_missing_passes_what_states_it if outcomes([])["risk/intended-use-missing"] == passed

test_intended_use_missing_missing_facts_fail if {
	outcomes([drop("/facts/risk/intendedUse")])["risk/intended-use-missing"] == failed(use_path, {})
	failures([drop("/facts/risk/intendedUse/stated")]) == {"risk/intended-use-missing"}
}
