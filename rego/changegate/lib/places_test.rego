package changegate.lib_test

# METADATA
# description: For the tests of rules, an outcome whose violations all have these places beside them.
seen_with(outcome, related) := {"outcome": outcome.outcome, "violations": violations} if {
	violations := {object.union(one, {"related": related}) | some one in outcome.violations}
}

before(path) := {"message": "the previous release", "path": path, "revision": "previous"}

test_seen_with_puts_places_beside_every_violation if {
	failed := {"outcome": "failed", "violations": {{"path": ["a"], "details": {}}, {"path": ["b"], "details": {}}}}
	seen_with(failed, [before(["a"])]) == {"outcome": "failed", "violations": {
		{"path": ["a"], "details": {}, "related": [{"message": "the previous release", "path": ["a"], "revision": "previous"}]},
		{"path": ["b"], "details": {}, "related": [{"message": "the previous release", "path": ["a"], "revision": "previous"}]},
	}}
}
