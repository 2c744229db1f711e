package changegate.checks.dependencies

import data.changegate.lib

# METADATA
# title: A release answers what others read of it
# description: Whoever reads the output of another model is broken by a change that no line of its own shows.
# custom:
#   severity: error
#   message: "The release {dependant} reads {name} of {wanted} ({kind}): {read} is what it reads, {given} is what it gets."
#   remediation: "Have {wanted} answer {name} as it is read, beside the new output if need be; or change the input of {dependant}, in this change, and train it on that. What is read `from` a release stands under `dependsOn`, too."
#   settings: [features.allowedConversions]
#   references: ["docs/manifest.md", "https://sre.google/sre-book/release-engineering/"]
#   example:
#     bad: "inputs: [{name: embedding, dtype: embedding, from: card-embedder}]  # which has no such output any more"
#     good: "outputs: [{name: embedding, dtype: embedding}]  # of card-embedder"
outcome["dependencies/output-not-as-read"] := lib.passed if {
	looked
	count(input.settings.features.allowedConversions) >= 0
	count(input.facts.dependencies.answers) >= 0
	every index, _ in input.facts.dependencies.answers { index in readable }
}

else := {"outcome": "failed", "violations": unread} if count(unread) > 0

else := lib.failed_at(nowhere, {})

readable contains index if {
	some index, one in input.facts.dependencies.answers
	one.kind == "type"
	one.conversion in input.settings.features.allowedConversions
	one.conversion != "unknown"
}

unread contains violation if {
	some index, one in input.facts.dependencies.answers
	not index in readable
	details := {
		"dependant": one.dependant, "wanted": one.wanted, "name": one.name,
		"kind": one.kind, "given": one.given, "read": one.read,
	}
	violation := lib.beside(lib.finding_at(one.at, details), object.get(one, "related", []))
}
