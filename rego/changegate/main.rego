# METADATA
# title: The decision
# description: One outcome for every rule of the subject's kind. A line for each check, by a static reference.
# entrypoint: true
package changegate.main

import data.changegate.risk

decision := {"outcomes": outcomes, "risk": risk.assessment, "requiredApprovals": approvals}

approvals := data.changegate.checks.approvals.required

outcomes[id] := outcome if {
	input.subject.kind == "release"
	some id, outcome in data.changegate.checks.artifacts.outcome
}

outcomes[id] := outcome if {
	input.subject.kind == "release"
	some id, outcome in data.changegate.checks.rollout.outcome
}

outcomes[id] := outcome if {
	input.subject.kind == "release"
	some id, outcome in data.changegate.checks.evaluation.outcome
}

outcomes[id] := outcome if {
	input.subject.kind == "release"
	some id, outcome in data.changegate.checks.slos.outcome
}

outcomes[id] := outcome if {
	input.subject.kind == "release"
	some id, outcome in data.changegate.checks.fairness.outcome
}

outcomes[id] := outcome if {
	input.subject.kind == "release"
	some id, outcome in data.changegate.checks.features.outcome
}

outcomes[id] := outcome if {
	input.subject.kind == "release"
	some id, outcome in data.changegate.checks.provenance.outcome
}

outcomes[id] := outcome if {
	input.subject.kind == "release"
	some id, outcome in data.changegate.checks.operations.outcome
}

outcomes[id] := outcome if {
	input.subject.kind == "release"
	some id, outcome in data.changegate.checks.cost.outcome
}

outcomes[id] := outcome if {
	input.subject.kind == "release"
	some id, outcome in data.changegate.checks.approvals.outcome
}

outcomes[id] := outcome if {
	input.subject.kind == "release"
	some id, outcome in data.changegate.checks.risk.outcome
}

outcomes[id] := outcome if {
	input.subject.kind == "retirement"
	some id, outcome in data.changegate.checks.retirement.outcome
}

outcomes[id] := outcome if {
	input.subject.kind == "change-set"
	some id, outcome in data.changegate.checks.manifest.outcome
}

outcomes[id] := outcome if {
	input.subject.kind == "change-set"
	some id, outcome in data.changegate.checks.control.outcome
}
