package changegate.checks.dependencies

import data.changegate.lib

# METADATA
# title: What a release depends on is there
# description: A dependency under a name that no manifest has is found out about in production.
# custom:
#   severity: error
#   message: "The release {dependant} depends on {wanted}, and no manifest has that identity."
#   remediation: "Write the name, environment and variant under which the other release stands now, or take the entry out. A release that had another entry before gets a new `version`, which rolls back to that one."
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
	violation := lib.finding_at(one.at, {"dependant": one.dependant, "wanted": one.wanted})
}
