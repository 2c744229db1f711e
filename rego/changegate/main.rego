# METADATA
# title: The decision
# description: One outcome for every rule of the subject's kind. A line for each check, by a static reference.
# entrypoint: true
package changegate.main

import data.changegate.risk

decision := {"outcomes": outcomes, "risk": risk.assessment, "requiredApprovals": approvals}

approvals := array.concat(by_tier, [one | some one in beside; not one.role in {entry.role | some entry in by_tier}])

by_tier := data.changegate.checks.approvals.required

# METADATA
# description: Whom a change asks for by what it lowers, drops or takes over; each role once.
beside := array.concat(array.concat(changed, [one | some one in external; not one.role in {entry.role | some entry in changed}]), owned)

changed := array.concat(lowered, [one | some one in dropped; not one.role in {entry.role | some entry in lowered}])

lowered := data.changegate.checks.risk.required

dropped := data.changegate.checks.lineage.required

external := data.changegate.checks.external.required

owned := data.changegate.checks.owners.required

# METADATA
# description: Ids begin with their check, so that no check can take another's place in the union. A check without a value leaves no decision.
outcomes := object.union_n([
	data.changegate.checks.artifacts.outcome,
	data.changegate.checks.content.outcome,
	data.changegate.checks.limits.outcome,
	data.changegate.checks.rollout.outcome,
	data.changegate.checks.evaluation.outcome,
	data.changegate.checks.slos.outcome,
	data.changegate.checks.fairness.outcome,
	data.changegate.checks.features.outcome,
	data.changegate.checks.provenance.outcome,
	data.changegate.checks.external.outcome,
	data.changegate.checks.operations.outcome,
	data.changegate.checks.cost.outcome,
	data.changegate.checks.approvals.outcome,
	data.changegate.checks.risk.outcome,
	data.changegate.checks.lineage.outcome,
	data.changegate.checks.claims.outcome,
	data.changegate.checks.secrets.outcome,
]) if {
	input.subject.kind == "release"
}

else := data.changegate.checks.retirement.outcome if {
	input.subject.kind == "retirement"
}

else := object.union_n([
	data.changegate.checks.manifest.outcome,
	data.changegate.checks.control.outcome,
	data.changegate.checks.owners.outcome,
	data.changegate.checks.dependencies.outcome,
]) if {
	input.subject.kind == "change-set"
}

else := {}
