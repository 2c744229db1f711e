package changegate.checks.dependencies

import data.changegate.lib

# METADATA
# title: Releases do not depend on themselves
# description: In a circle none can be rolled out, or back, before the others.
# custom:
#   severity: error
#   message: "The release depends on itself: {members}."
#   remediation: "Take one of these entries out of `dependsOn`."
#   settings: []
#   references: ["docs/manifest.md"]
#   example:
#     bad: 'dependsOn: [{name: fraud-ranker}]  # and fraud-ranker says dependsOn: [{name: fraud-detector}]'
#     good: 'dependsOn: [{name: card-embedder}]  # which depends on nothing'
outcome["dependencies/cycle"] := lib.passed if {
	looked
	input.facts.dependencies.cycles == []
}

else := {"outcome": "failed", "violations": cycles} if count(cycles) > 0

else := lib.failed_at(nowhere, {})

cycles contains violation if {
	some one in input.facts.dependencies.cycles
	details := {"members": concat(" → ", one.members)}
	violation := lib.beside(lib.finding_at(one.at, details), object.get(one, "related", []))
}
