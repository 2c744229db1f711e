# METADATA
# title: Dependencies
# description: What a change leaves depending on something that is not there. A release that is deleted is seen to by retirement/still-depended-on.
# custom:
#   subject: change-set
package changegate.checks.dependencies

import data.changegate.lib

nowhere := {"file": ".changegate"}

looked if input.facts.dependencies.checked == true

# METADATA
# title: What a release depends on is there
# description: A dependency under a name that no manifest has is found out about in production.
# custom:
#   severity: error
#   message: "The release {dependant} depends on {wanted}, and no manifest has that identity."
#   remediation: "Write the name, environment and variant under which the other release stands now, or take the entry out."
#   settings: []
#   references: ["docs/manifest.md", "ISO/IEC 42001:2023, A.6.2.6"]
#   example:
#     bad: 'dependsOn: [{name: card-embeder}]'
#     good: 'dependsOn: [{name: card-embedder}]'
outcome["dependencies/missing"] := lib.passed if {
	looked
	input.facts.dependencies.missing == []
}

else := {"outcome": "failed", "violations": missing} if count(missing) > 0

else := lib.failed_at(nowhere, {})

missing contains violation if {
	some one in input.facts.dependencies.missing
	violation := lib.violation_at(one.at, {"dependant": one.dependant, "wanted": one.wanted})
}

# METADATA
# title: What a release depends on has the version that it names
# description: A release was evaluated with the version that it names, and would run with another.
# custom:
#   severity: error
#   message: "The release {dependant} depends on {wanted} in version {stated}, which is {found} now."
#   remediation: "Evaluate the release with {found} and name that, or leave `version` out if any will do."
#   settings: []
#   references: ["docs/manifest.md", "ISO/IEC 42001:2023, A.6.2.6"]
#   example:
#     bad: 'dependsOn: [{name: card-embedder, version: 1.1.0}]  # whose manifest says version: 1.2.0'
#     good: 'dependsOn: [{name: card-embedder, version: 1.2.0}]'
outcome["dependencies/version-mismatch"] := lib.passed if {
	looked
	input.facts.dependencies.versions == []
}

else := {"outcome": "failed", "violations": mismatched} if count(mismatched) > 0

else := lib.failed_at(nowhere, {})

mismatched contains violation if {
	some one in input.facts.dependencies.versions
	details := {"dependant": one.dependant, "wanted": one.wanted, "stated": one.stated, "found": one.found}
	violation := lib.violation_at(one.at, details)
}

# METADATA
# title: Releases do not depend on themselves
# description: In a circle none can be rolled out, or back, before the others.
# custom:
#   severity: error
#   message: "The release depends on itself: {members}."
#   remediation: "Take one of these entries out."
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
	violation := lib.violation_at(one.at, {"members": concat(" → ", one.members)})
}
