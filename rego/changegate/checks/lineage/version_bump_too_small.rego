package changegate.checks.lineage

import data.changegate.lib

# METADATA
# title: The version rises as far as the change asks for
# description: |
#   Whoever calls a model reads in its version whether they have to change something. A breaking change asks for a new
#   major version by default; `changegate diff` shows the level of each change. Before 1.0.0 a minor version counts as a
#   major one.
# custom:
#   severity: warning
#   message: "The change is {level}, and the version made a {made} step: it has to be {needed} at least."
#   remediation: "Write `version: {needed}` under `spec`, or leave out what is {level}: `changegate diff` names it."
#   settings: [lineage.majorFor, lineage.minorFor]
#   optional: [input.change, input.previous.file, input.previous.how, input.previous.release, input.previous.revision, input.release]
#   references: ["https://semver.org/#summary", "docs/diff.md"]
#   example:
#     bad: "version: 2.4.1  # an input has another name"
#     good: "version: 3.0.0"
outcome["lineage/version-bump-too-small"] := lib.not_applicable(input.change.step.reason) if {
	input.change.step.status == "not-compared"
}

else := lib.passed if input.change.step.made in steps_enough[step_asked]

else := result if {
	result := lib.failed_beside_previous(version_path, {
		"level": input.change.step.level,
		"made": input.change.step.made,
		"needed": input.change.step.next[step_asked],
	})
}

else := lib.failed(version_path, {})

# METADATA
# description: The step that the level of the change asks for; undefined where nobody can tell.
step_asked := "major" if input.change.step.level in input.settings.lineage.majorFor

else := "minor" if {
	is_array(input.settings.lineage.majorFor)
	input.change.step.level in input.settings.lineage.minorFor
}

else := "patch" if {
	is_array(input.settings.lineage.majorFor)
	is_array(input.settings.lineage.minorFor)
	input.change.step.level in {"breaking", "could-be-breaking", "compatible"}
}

steps_enough := {
	"major": {"major"},
	"minor": {"major", "minor"},
	"patch": {"major", "minor", "patch"},
}
