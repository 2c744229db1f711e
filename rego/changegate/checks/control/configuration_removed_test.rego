package changegate.checks.control_test

configuration(operation) := put("/facts/control/changed/0", {
	"file": ".changegate/config.yaml",
	"oldFile": ".changegate/config.yaml",
	"kind": "settings",
	"operation": operation,
	"at": {"file": ".changegate/config.yaml", "revision": "base"},
})

test_configuration_removed_fires_alone if {
	every operation in ["deleted", "renamed"] {
		failures([configuration(operation)]) == {"control/configuration-removed"}
		outcomes([configuration(operation)])["control/configuration-removed"] == removed
	}
}

test_configuration_removed_passes_where_it_stays if {
	every operation in ["added", "modified", "type-changed"] {
		outcomes([configuration(operation)])["control/configuration-removed"] == passed
	}
	outcomes([put("/facts/control/changed/0/operation", "deleted")])["control/configuration-removed"] == passed
}

test_configuration_removed_missing_facts_fail if {
	outcomes([drop("/facts/control/changed")])["control/configuration-removed"] == removed
	outcomes([configuration("modified"), drop("/facts/control/changed/0/operation")])["control/configuration-removed"] == removed
	nameless := [configuration("deleted"), drop("/facts/control/changed/0/oldFile")]
	outcomes(nameless)["control/configuration-removed"] == removed
}
