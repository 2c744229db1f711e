package changegate.checks.manifest_test

test_schema_fires_alone if {
	failures([list("faults", [fault("schema")])]) == {"manifest/schema"}
	outcomes([list("faults", [fault("schema")])])["manifest/schema"] == failed(said)
}

test_schema_fires_at_every_fault if {
	second := object.union(fault("schema"), {"at": {"line": 9}})
	found := outcomes([list("faults", [fault("schema"), second])])["manifest/schema"]
	{one.at.line | some one in found.violations} == {3, 9}
}

test_schema_passes_other_faults if outcomes([list("faults", [fault("refused")])])["manifest/schema"] == passed

test_schema_missing_facts_fail if {
	outcomes([drop("/facts/manifest/faults")])["manifest/schema"] == undetermined
	outcomes([list("faults", [object.remove(fault("schema"), ["hint"])])])["manifest/schema"] == undetermined
}
