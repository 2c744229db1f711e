package changegate.checks.manifest_test

test_unreadable_fires_alone if {
	failures([list("faults", [fault("unreadable")])]) == {"manifest/unreadable"}
	outcomes([list("faults", [fault("unreadable")])])["manifest/unreadable"] == failed(said)
}

test_unreadable_passes_other_faults if outcomes([list("faults", [fault("schema")])])["manifest/unreadable"] == passed

test_unreadable_missing_facts_fail if {
	outcomes([drop("/facts/manifest/faults")])["manifest/unreadable"] == undetermined
	outcomes([list("faults", [object.remove(fault("unreadable"), ["at"])])])["manifest/unreadable"] == undetermined
}
