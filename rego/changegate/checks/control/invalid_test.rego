package changegate.checks.control_test

fault := {"message": "`memberz` is not a field", "hint": "Write `members`.", "at": {"file": ".changegate/teams.yaml", "line": 4}}

test_invalid_fires_alone if {
	bad := [put("/facts/control/invalid", [fault])]
	failures(bad) == {"control/invalid"}
	outcomes(bad)["control/invalid"] == failed(fault.at, {"problem": "`memberz` is not a field", "hint": "Write `members`."})
}

test_invalid_passes_what_can_be_read if outcomes([])["control/invalid"] == passed

test_invalid_missing_facts_fail if {
	outcomes([drop("/facts/control/invalid")])["control/invalid"] == undetermined
	outcomes([drop("/facts/control/changed"), drop("/facts/control/invalid")])["control/invalid"] == undetermined
	outcomes([put("/facts/control/invalid", [object.remove(fault, ["hint"])])])["control/invalid"] == undetermined
}
