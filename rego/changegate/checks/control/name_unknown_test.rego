package changegate.checks.control_test

in_vain := {"kind": "rule", "name": "evaluation/regresed", "hint": "Did you mean that?", "at": {"file": ".changegate/waivers.yaml", "line": 4}}

test_name_unknown_fires_alone if {
	bad := [put("/facts/control/unknown", [in_vain])]
	failures(bad) == {"control/name-unknown"}
	outcomes(bad)["control/name-unknown"] == failed(in_vain.at, {"kind": "rule", "name": "evaluation/regresed", "hint": "Did you mean that?"})
}

test_name_unknown_passes_what_is_there if outcomes([])["control/name-unknown"] == passed

test_name_unknown_missing_facts_fail if {
	outcomes([drop("/facts/control/unknown")])["control/name-unknown"] == undetermined
	outcomes([put("/facts/control/unknown", [object.remove(in_vain, ["hint"])])])["control/name-unknown"] == undetermined
}
