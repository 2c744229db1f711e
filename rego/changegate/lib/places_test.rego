package changegate.lib_test

# METADATA
# description: For the tests of rules, an outcome whose violations all have these places beside them.
seen_with(outcome, related) := {"outcome": outcome.outcome, "violations": violations} if {
	violations := {object.union(one, {"related": related}) | some one in outcome.violations}
}

before(path) := {"message": "the previous release", "path": path, "revision": "previous"}
