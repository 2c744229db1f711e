package changegate.checks.dependencies

import data.changegate.lib

# METADATA
# title: What a release depends on has the version that it names
# description: A release was evaluated with the version that it names, and would run with another.
# custom:
#   severity: error
#   message: "The release {dependant} depends on {wanted} in version {stated}, which is {found} now."
#   remediation: "Evaluate the release with {found}, and write `version: {found}`; or take `version` out, if any will do."
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
	violation := lib.beside(lib.finding_at(one.at, details), object.get(one, "related", []))
}
