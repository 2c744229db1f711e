package changegate.checks.dependencies_test

import data.changegate.lib_test

circle := {"members": ["production/a", "production/b", "production/a"], "related": [{"message": "there"}]}

test_cycle_fires_alone if {
	failures([list("cycles", circle)]) == {"dependencies/cycle"}
	details := {"members": "production/a → production/b → production/a"}
	outcomes([list("cycles", circle)])["dependencies/cycle"] == lib_test.seen_with(failed(details), [{"message": "there"}])
}

test_cycle_passes_where_there_is_none if outcomes([])["dependencies/cycle"] == passed

test_cycle_missing_facts_fail if {
	outcomes([drop("/facts/dependencies/cycles")])["dependencies/cycle"] == undetermined
	failures([list("cycles", {})]) == {"dependencies/cycle"}
}
