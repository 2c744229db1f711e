# METADATA
# title: Findings for other programs
# description: |
#   What fails or is unknown in the decision, by how it is meant, for programs that know no outcomes. changegate itself
#   never loads this: it settles outcomes in Python. `data.changegate.catalogue` is written by `changegate policy bundle`.
package changegate.findings

import data.changegate.catalogue
import data.changegate.main

# METADATA
# description: What stands against the change. A rule that the catalogue does not know counts as an error.
errors contains finding if {
	some finding in found
	finding.severity != "warning"
}

errors contains finding if {
	some reason in undecided
	finding := {"msg": reason, "rule": "decision", "severity": "error", "status": "unknown", "path": []}
}

# METADATA
# description: What is worth a look.
warnings contains finding if {
	some finding in found
	finding.severity == "warning"
}

found contains finding if {
	some id, outcome in main.decision.outcomes
	outcome.outcome == "failed"
	meant := meaning(id)
	msg := concat("", [id, " does not hold: ", meant.title])
	some violation in outcome.violations
	finding := object.union(violation, about(id, meant, "failed", msg))
}

found contains finding if {
	some id, outcome in main.decision.outcomes
	status := object.get(outcome, "outcome", "")
	not status in {"passed", "failed", "not-applicable"}
	meant := meaning(id)
	reason := object.get(outcome, "reason", "the outcome is malformed")
	msg := concat("", [id, " is unknown: ", reason])
	finding := object.union({"path": []}, about(id, meant, "unknown", msg))
}

about(id, meant, status, msg) := {
	"msg": msg,
	"rule": id,
	"status": status,
	"severity": meant.severity,
	"awaitsApproval": meant.awaitsApproval,
}

meaning(id) := object.get(catalogue.rules, id, {"severity": "error", "title": "(no rule)", "awaitsApproval": false})

# METADATA
# description: |
#   Why there is no decision to go by. Without it a document that is none of changegate's would have no findings, and
#   look as if everything held.
undecided contains "the input is not a changegate input document" if not is_input

undecided contains "the decision is undefined" if {
	is_input
	not main.decision.outcomes
}

undecided contains reason if {
	is_input
	answered := object.keys(main.decision.outcomes)
	some id, rule in catalogue.rules
	rule.subject == input.subject.kind
	not id in answered
	reason := concat("", ["the rule ", id, " has no outcome"])
}

undecided contains "there is no catalogue: pack the policies with changegate policy bundle" if {
	is_input
	not has_catalogue
}

is_input if {
	input.schemaVersion == 1
	input.subject.kind in {"release", "retirement", "change-set"}
}

has_catalogue if count(catalogue.rules) > 0
