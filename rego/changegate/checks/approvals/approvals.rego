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
#   by tier; a change set where a control file changed. What the change does not touch nobody has to approve again. A
#   release that changes hands is approved by both sides, or a change could choose who approves it.
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
} else := input.settings.control.required if {
	input.subject.kind == "change-set"
}

asked := input.settings.approvals.required[risk.tier]

asked_of_former_owners := [demand |
	some team in input.facts.approvals.formerOwners
	some own in asked
	own.role == "owner"
	demand := {"role": team, "count": own.count}
]

required := [entry |
	some demand in demands
	entry := {
		"role": demand.role,
		"count": demand.count,
		"approvedBy": object.get(input.facts.approvals.roles, [demand.role, "approvedBy"], []),
		"candidates": object.get(input.facts.approvals.roles, [demand.role, "candidates"], []),
	}
]

# METADATA
# description: The demands that hold now, by their index.
met contains index if {
	some index, demand in demands
	input.evidence.approvals.status == "present"
	count(input.facts.approvals.roles[demand.role].approvedBy) >= demand.count
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
