package changegate.checks.dependencies_test

good := {
	"facts": {"dependencies": {"checked": true, "missing": [], "versions": [], "cycles": [], "risks": [], "answers": []}},
	"settings": {"features": {"allowedConversions": ["same", "widening"]}, "risk": {"floors": [{"when": {"safetyCritical": true}, "tier": "critical", "reason": "it can hurt"}]}},
}

outcomes(patches) := result if {
	result := data.changegate.checks.dependencies.outcome with input as json.patch(good, patches)
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

rules := {"dependencies/missing", "dependencies/version-mismatch", "dependencies/cycle", "dependencies/less-risky", "dependencies/output-not-as-read"}

test_good_passes_every_rule if outcomes([]) == {id: passed | some id in rules}

test_no_facts_pass_nothing if {
	every path in ["/facts", "/facts/dependencies", "/facts/dependencies/checked"] {
		outcomes([drop(path)]) == {id: undetermined | some id in rules}
	}
}
