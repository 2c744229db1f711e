package changegate.checks.manifest_test

test_refused_fires_alone if {
	failures([list("faults", [fault("refused")])]) == {"manifest/refused"}
	outcomes([list("faults", [fault("refused")])])["manifest/refused"] == failed(said)
}

test_refused_passes_other_faults if outcomes([list("faults", [fault("unreadable")])])["manifest/refused"] == passed

test_refused_missing_facts_fail if {
	outcomes([drop("/facts/manifest/faults")])["manifest/refused"] == undetermined
	outcomes([list("faults", [object.remove(fault("refused"), ["message"])])])["manifest/refused"] == undetermined
}
