package changegate.checks.dependencies_test

import data.changegate.checks.dependencies

good := {"facts": {"dependencies": {"checked": true, "missing": [], "versions": [], "cycles": []}}}

outcomes(patches) := result if {
	result := dependencies.outcome with input as json.patch(good, patches)
}

put(path, value) := {"op": "add", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

at := {"file": "models/a.yaml", "revision": "head", "line": 8, "column": 7}

failed(details) := {"outcome": "failed", "violations": {{"at": at, "details": details}}}

undetermined := {"outcome": "failed", "violations": {{"at": {"file": ".changegate"}, "details": {}}}}

failures(patches) := {id | some id, outcome in outcomes(patches); outcome.outcome == "failed"}

list(name, more) := put(
	concat("", ["/facts/dependencies/", name]),
	[object.union({"dependant": "production/a", "wanted": "production/b", "at": at}, more)],
)

rules := {"dependencies/missing", "dependencies/version-mismatch", "dependencies/cycle"}

test_good_passes_every_rule if outcomes([]) == {id: passed | some id in rules}

test_no_facts_pass_nothing if {
	every path in ["/facts", "/facts/dependencies", "/facts/dependencies/checked"] {
		outcomes([drop(path)]) == {id: undetermined | some id in rules}
	}
}

test_missing_fires_alone if {
	failures([list("missing", {})]) == {"dependencies/missing"}
	details := {"dependant": "production/a", "wanted": "production/b"}
	outcomes([list("missing", {})])["dependencies/missing"] == failed(details)
}

test_missing_passes_what_is_there if outcomes([])["dependencies/missing"] == passed

test_missing_missing_facts_fail if {
	outcomes([drop("/facts/dependencies/missing")])["dependencies/missing"] == undetermined
	every key in ["at", "dependant", "wanted"] {
		path := concat("", ["/facts/dependencies/missing/0/", key])
		failures([list("missing", {}), drop(path)]) == {"dependencies/missing"}
	}
}

other := {"stated": "1.2.0", "found": ["1.3.0"]}

test_version_mismatch_fires_alone if {
	failures([list("versions", other)]) == {"dependencies/version-mismatch"}
	details := object.union({"dependant": "production/a", "wanted": "production/b"}, other)
	outcomes([list("versions", other)])["dependencies/version-mismatch"] == failed(details)
}

test_version_mismatch_passes_the_version_that_is_there if outcomes([])["dependencies/version-mismatch"] == passed

test_version_mismatch_missing_facts_fail if {
	outcomes([drop("/facts/dependencies/versions")])["dependencies/version-mismatch"] == undetermined
	failures([list("versions", {"stated": "1.2.0"})]) == {"dependencies/version-mismatch"}
}

circle := {"members": ["production/a", "production/b", "production/a"]}

test_cycle_fires_alone if {
	failures([list("cycles", circle)]) == {"dependencies/cycle"}
	details := {"members": "production/a → production/b → production/a"}
	outcomes([list("cycles", circle)])["dependencies/cycle"] == failed(details)
}

test_cycle_passes_where_there_is_none if outcomes([])["dependencies/cycle"] == passed

test_cycle_missing_facts_fail if {
	outcomes([drop("/facts/dependencies/cycles")])["dependencies/cycle"] == undetermined
	failures([list("cycles", {})]) == {"dependencies/cycle"}
}
