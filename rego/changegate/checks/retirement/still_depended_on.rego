package changegate.checks.retirement

import data.changegate.lib

# METADATA
# title: Nothing depends on what is retired
# description: A release that others name as a member, a base model or a guardrail cannot go first.
# custom:
#   severity: error
#   message: "The release still depends on {retired}, which is deleted."
#   remediation: "First let {file} depend on another release, or on none, in a new `version`, which rolls back to the one of now; or keep the one that it needs."
#   settings: []
#   references: ["ISO/IEC 42001:2023, A.6.2.6"]
#   example:
#     bad: 'dependsOn: [{name: card-embedder}]  # and card-embedder is deleted'
#     good: 'dependsOn: []  # before card-embedder is deleted'
outcome["retirement/still-depended-on"] := lib.passed if {
	input.facts.retirement.checked == true
	input.facts.retirement.dependants == []
}

else := {"outcome": "failed", "violations": dependants} if count(dependants) > 0

else := lib.failed(name_path, {})

dependants contains violation if {
	some one in input.facts.retirement.dependants
	details := {"file": one.at.file, "retired": input.subject.identity.name}
	violation := lib.beside(lib.finding_at(one.at, details), [{"message": "the release that is deleted", "path": name_path}])
}
