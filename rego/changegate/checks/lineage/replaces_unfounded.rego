package changegate.checks.lineage

import data.changegate.lib

# METADATA
# title: A declared rename is one
# description: What a release says that it replaces is what it is compared with, so that has to be there, and to go, and to have one successor.
# custom:
#   severity: error
#   message: "The release says that it replaces {identity}: {problem}."
#   remediation: "{hint}"
#   settings: []
#   optional: [input.facts.lineage.replaces.identity, input.facts.lineage.replaces.others]
#   references: ["docs/manifest.md"]
#   example:
#     bad: "metadata: {name: fraud-scorer, replaces: fraud-detector}  # and fraud-detector stays"
#     good: "metadata: {name: fraud-scorer, replaces: fraud-detector}  # and the manifest of fraud-detector goes"
outcome["lineage/replaces-unfounded"] := lib.not_applicable("it does not say that it replaces another") if {
	input.facts.lineage.checked == true
	input.facts.lineage.replaces.state == "none"
}

else := lib.not_applicable("the release was there before: what it once replaced is settled") if {
	input.facts.lineage.checked == true
	input.facts.lineage.replaces.state == "settled"
}

else := lib.passed if {
	input.facts.lineage.checked == true
	input.facts.lineage.replaces.state == "renamed"
}

else := result if {
	violation := lib.finding(replaces_path, {
		"identity": input.facts.lineage.replaces.identity,
		"problem": problems[input.facts.lineage.replaces.state].problem,
		"hint": problems[input.facts.lineage.replaces.state].hint,
	})
	others := object.get(input.facts.lineage.replaces, "related", [])
	result := {"outcome": "failed", "violations": {lib.beside(violation, others)}}
}

else := lib.failed(replaces_path, {})

replaces_path := ["metadata", "replaces"]

problems := {
	"never-was": {"problem": "the base has no such release", "hint": "Write the name that the release has at the base, or leave `replaces` out."},
	"still-there": {"problem": "it is still there", "hint": "Delete the manifest of the old name in this change, or leave `replaces` out."},
	"claimed-twice": {"problem": "another release says so too", "hint": "Leave `replaces` in one of them: a release has one successor."},
}
