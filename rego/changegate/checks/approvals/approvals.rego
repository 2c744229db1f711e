# METADATA
# title: Approvals
# description: Who has to approve a release, and whether they have approved what would land.
# custom:
#   subject: release
#   path: [metadata, owner]
package changegate.checks.approvals

import data.changegate.lib
import data.changegate.risk

nobody := "nobody has to approve it"

not_believed := "the approvals are not of this change: see approvals/invalid"

owner_path := ["metadata", "owner"]

# METADATA
# description: |
#   What has to be approved by whom, for every kind of subject, each {role, count}. A release and a retirement are asked
#   by tier; a change set where a control file changed, and by others where it brings waivers of an incident alone. What the
#   change does not touch nobody has to approve again. A release that changes hands is approved by both sides, or a change
#   could choose who approves it.
demands := [] if {
	input.change.operation == "unchanged"
} else := [] if {
	input.subject.kind == "release"
	asked == []
} else := array.concat(asked, asked_of_former_owners) if {
	input.subject.kind == "release"
	is_array(input.facts.approvals.formerOwners)
} else := input.settings.retirement.required[risk.tier] if {
	input.subject.kind == "retirement"
} else := [] if {
	input.subject.kind == "change-set"
	count(input.facts.control.changed) == 0
} else := input.settings.control.requiredForBreakGlass if {
	input.subject.kind == "change-set"
	input.facts.control.breakGlass.alone == true
} else := input.settings.control.required if {
	input.subject.kind == "change-set"
}

asked := input.settings.approvals.requiredWithinPlan[risk.tier] if within_plan

else := input.settings.approvals.required[risk.tier]

# METADATA
# description: |
#   An update of a release, of which the base's plan is agreed to and covers everything: every field that changes, and how much
#   worse each metric is. Never one that changes what the model is for.
within_plan if {
	agreed
	is_update
	plan.outside == []
	input.facts.risk.intendedUse.changed == false
	input.evidence.evaluation.comparison.status == "present"
	input.facts.evaluation.comparison.dropped == []
	count(input.facts.evaluation.comparison.metrics) > 0
	every index, _ in input.facts.evaluation.comparison.metrics { index in as_planned }
	plan.since.status == "present"
	plan.since.dropped == []
	count(plan.since.metrics) > 0
	every index, _ in plan.since.metrics { index in as_planned_since }
}

plan := input.facts.approvals.plan

agreed if {
	plan.status == "present"
	some one in input.settings.approvals.agreedPlans
	one.digest == plan.digest
	one.model == plan.model
	one.owner == plan.owner
}

# METADATA
# description: The release before is the base's, under the same identity; another one may have had any plan.
is_update if {
	input.change.operation == "update"
	input.previous.status == "present"
	input.previous.how == "identity"
}

as_planned contains index if {
	some index, metric in input.facts.evaluation.comparison.metrics
	metric.sameDirection == true
	metric.regressionRatio <= object.get(plan.maximumLossRatio, metric.name, 0)
}

# METADATA
# description: The metrics that are no worse than the plan allows, counted from the release at which it was agreed to.
as_planned_since contains index if {
	some index, metric in plan.since.metrics
	metric.sameDirection == true
	metric.regressionRatio <= object.get(plan.maximumLossRatio, metric.name, 0)
}

asked_of_former_owners := [demand |
	some team in input.facts.approvals.formerOwners
	some own in asked
	own.role == "owner"
	demand := {"role": team, "count": own.count}
]

required := [entry |
	some index, demand in demands
	entry := {
		"role": demand.role,
		"count": demand.count,
		"approvedBy": object.get(counted, index, []),
		"candidates": array.concat(candidates(demand.role), too_old(demand.role)),
	}
]

candidates(role) := object.get(input.facts.approvals.roles, [role, "candidates"], [])

approvers(role) := object.get(input.facts.approvals.roles, [role, "approvedBy"], [])

# METADATA
# description: Whose approval counts for each demand, by its index.
counted[index] := logins if {
	some index, demand in demands
	logins := [login | some login in standing_for(index, demand.role); login in recent]
}

# METADATA
# description: Who has approved in a role; where nobody may stand for two roles, who of them stands for this demand.
standing_for(index, role) := approvers(role) if apart == false

else := input.facts.approvals.distinct.withinPlan[risk.tier][index] if {
	apart == true
	within_plan
} else := input.facts.approvals.distinct[input.subject.kind][risk.tier][index] if apart == true

apart := false if {
	input.subject.kind == "change-set"
} else := input.settings.approvals.onePersonPerRole[risk.tier]

# METADATA
# description: Who approved recently enough, or at a time that the host does not say.
recent contains login if {
	some login, age in input.facts.approvals.ageSeconds
	age <= longest
}

recent contains login if some login in input.facts.approvals.undated

longest := input.settings.approvals.maximumAgeSeconds.critical if {
	input.subject.kind == "change-set"
} else := input.settings.approvals.maximumAgeSeconds[risk.tier]

too_old(role) := [login | some login in approvers(role); not login in recent]

# METADATA
# description: The demands that hold now, by their index.
met contains index if {
	some index, demand in demands
	input.evidence.approvals.status == "present"
	count(counted[index]) >= demand.count
}

# METADATA
# description: The demands that could still be met, by their index.
possible contains index if {
	some index, entry in required
	input.evidence.approvals.status == "present"
	count({login | some login in array.concat(entry.approvedBy, entry.candidates)}) >= entry.count
}

# METADATA
# description: The demands of which too few people are left; the others of the role have written the change, or are bots.
nobody_left contains {"role": entry.role, "neededCount": entry.count, "left": left} if {
	some index, entry in required
	not index in possible
	staffed[entry.role]
	left := sort({login | some login in array.concat(entry.approvedBy, entry.candidates)})
}

unmet contains {"path": owner_path, "details": details} if {
	some index, entry in required
	not index in met
	details := {"role": entry.role, "neededCount": entry.count, "approvedBy": entry.approvedBy, "candidates": entry.candidates}
}

# METADATA
# description: Where the people of a role are named, at the base.
people_beside(violation) := lib.beside(violation, [{
	"message": "the teams and roles",
	"at": {"file": ".changegate/teams.yaml", "revision": "base", "path": []},
}])

undefined_roles contains violation if {
	some demand in demands
	role := demand.role
	not staffed[role]
	violation := people_beside(lib.finding(owner_path, {"role": role}))
}

staffed contains name if {
	some name, role in input.facts.approvals.roles
	count(role.members) > 0
}

# METADATA
# description: |
#   Why nobody can tell who has approved: somebody of a role that is still missing approved an earlier commit, and what that was
#   cannot be compared with what lands.
unclear := input.facts.approvals.unclearBecause if {
	some index, demand in demands
	not index in met
	count(input.facts.approvals.roles[demand.role].unclearBy) > 0
}
