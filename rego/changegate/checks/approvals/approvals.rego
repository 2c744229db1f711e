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
# title: Everybody who has to approve has approved
# description: An approval counts when it is the person's latest opinion, of the reviewed head, and comes from neither author nor committer.
# custom:
#   severity: error
#   awaitsApproval: true
#   message: "The role {role} has to approve: {neededCount} needed, approved by {approvedBy}."
#   remediation: "Ask {candidates} to review the change as it stands now."
#   settings: [approvals.required]
#   optional: [input.change, input.facts.approvals.roles.owner.candidates, input.facts.control, input.settings.control, input.settings.retirement]
#   references: ["SR 26-2: independent validation", "NIST AI RMF 1.0, GOVERN 2.1", "SOC 2, CC8.1"]
#   example:
#     bad: 'reviews: [{user: ana, state: COMMENTED, commit: <the head>}]'
#     good: 'reviews: [{user: ana, state: APPROVED, commit: <the head>}]'
outcome["approvals/missing"] := lib.not_applicable(nobody) if count(demands) == 0

else := lib.unknown(input.evidence.approvals.reason) if input.evidence.approvals.status == "unavailable"

else := lib.passed if {
	count(demands) > 0
	every index, _ in demands { index in met }
}

else := {"outcome": "failed", "violations": unmet} if count(unmet) > 0

else := lib.failed(owner_path, {})

# METADATA
# title: The approvals can be believed
# description: A file that names another repository, pull request or head, or is malformed, says nothing about this change.
# custom:
#   severity: error
#   message: "The approvals that were handed in are not of this change: {reason}."
#   remediation: "Fetch the reviews again for this pull request and head, and hand them in with `--approvals FILE`."
#   settings: [approvals.required]
#   optional: [input.change, input.facts.control, input.settings.control, input.settings.retirement]
#   references: ["docs/ci.md"]
#   example:
#     bad: '{repository: acme/other, pullRequest: 42, reviewedHead: <the head>}  # handed in for acme/models'
#     good: '{repository: acme/models, pullRequest: 42, reviewedHead: <the head>}'
outcome["approvals/invalid"] := lib.not_applicable(nobody) if count(demands) == 0

else := lib.unknown(input.evidence.approvals.reason) if input.evidence.approvals.status == "unavailable"

else := lib.passed if {
	count(demands) > 0
	input.evidence.approvals.status == "present"
}

else := result if result := lib.failed(owner_path, {"reason": input.evidence.approvals.reason})

else := lib.failed(owner_path, {})

# METADATA
# title: No approval is of an older head
# description: Whoever approved an earlier commit has not seen what would land.
# custom:
#   severity: warning
#   message: "These approvals are of an earlier commit and do not count: {staleBy}."
#   remediation: "Ask {staleBy} to look at the change as it stands now."
#   settings: [approvals.required]
#   optional: [input.change, input.facts.control, input.settings.control, input.settings.retirement]
#   references: ["SLSA v1.2, source track: two-party review", "SOC 2, CC8.1"]
#   example:
#     bad: 'reviews: [{user: ana, state: APPROVED, commit: <an earlier commit>}]'
#     good: 'reviews: [{user: ana, state: APPROVED, commit: <the head>}]'
outcome["approvals/stale"] := lib.not_applicable(nobody) if count(demands) == 0

else := lib.unknown(input.evidence.approvals.reason) if input.evidence.approvals.status == "unavailable"

else := lib.not_applicable(not_believed) if input.evidence.approvals.status == "invalid"

else := lib.passed if {
	count(demands) > 0
	input.evidence.approvals.status == "present"
	count(input.facts.approvals.staleBy) == 0
}

else := result if result := lib.failed(owner_path, {"staleBy": input.facts.approvals.staleBy})

else := lib.failed(owner_path, {})

# METADATA
# title: Nobody asks for changes
# description: A reviewer who asked for changes has not been answered.
# custom:
#   severity: error
#   message: "Changes are asked for by {requestedBy}."
#   remediation: "Answer {requestedBy}, and ask for another review."
#   settings: [approvals.required]
#   optional: [input.change, input.facts.control, input.settings.control, input.settings.retirement]
#   references: ["https://docs.github.com/en/rest/pulls/reviews"]
#   example:
#     bad: 'reviews: [{user: ana, state: CHANGES_REQUESTED, commit: <the head>}]'
#     good: 'reviews: [{user: ana, state: CHANGES_REQUESTED, commit: <the head>}, {user: ana, state: APPROVED, commit: <the head>}]'
outcome["approvals/changes-requested"] := lib.not_applicable(nobody) if count(demands) == 0

else := lib.unknown(input.evidence.approvals.reason) if input.evidence.approvals.status == "unavailable"

else := lib.not_applicable(not_believed) if input.evidence.approvals.status == "invalid"

else := lib.passed if {
	count(demands) > 0
	input.evidence.approvals.status == "present"
	count(input.facts.approvals.changesRequestedBy) == 0
}

else := result if result := lib.failed(owner_path, {"requestedBy": input.facts.approvals.changesRequestedBy})

else := lib.failed(owner_path, {})

# METADATA
# title: Every role that has to approve has people
# description: A role without members can never approve, and a change would wait for ever.
# custom:
#   severity: error
#   message: "The role {role} has to approve, and .changegate/teams.yaml gives it nobody."
#   remediation: "Give the role members in .changegate/teams.yaml, in a change of its own."
#   settings: [approvals.required]
#   optional: [input.change, input.facts.control, input.settings.control, input.settings.retirement]
#   references: ["ISO/IEC 42001:2023, 5.3: roles, responsibilities and authorities"]
#   example:
#     bad: 'settings: {approvals: {required: {high: [{role: legal, count: 1}]}}}  # and no role or team is called legal'
#     good: 'roles: {legal: [legal-team]}  # in .changegate/teams.yaml, beside teams: {legal-team: {members: [ana, bo]}}'
outcome["approvals/role-undefined"] := lib.not_applicable(nobody) if count(demands) == 0

else := lib.passed if {
	count(demands) > 0
	every demand in demands { count(input.facts.approvals.roles[demand.role].members) > 0 }
}

else := {"outcome": "failed", "violations": undefined_roles} if count(undefined_roles) > 0

else := lib.failed(owner_path, {})

undefined_roles contains violation if {
	some demand in demands
	role := demand.role
	not staffed[role]
	violation := lib.violation(owner_path, {"role": role})
}

staffed contains name if {
	some name, role in input.facts.approvals.roles
	count(role.members) > 0
}

# METADATA
# title: Somebody can stand in for an approver
# description: With exactly as many members as approvals are needed, one absence stops every release, also the urgent one.
# custom:
#   severity: warning
#   message: "The role {role} has no more members than the {neededCount} that have to approve."
#   remediation: "Add a member to the role in .changegate/teams.yaml."
#   settings: [approvals.required]
#   optional: [input.change, input.facts.control, input.settings.control, input.settings.retirement]
#   references: ["NIST SP 800-53 Rev. 5, CM-3: configuration change control"]
#   example:
#     bad: 'teams: {payments-ml: {members: [ana]}}  # one approval is needed'
#     good: 'teams: {payments-ml: {members: [ana, bo]}}'
outcome["approvals/no-second-approver"] := lib.not_applicable(nobody) if count(demands) == 0

else := lib.passed if {
	count(demands) > 0
	every demand in demands { count(input.facts.approvals.roles[demand.role].members) > demand.count }
}

else := {"outcome": "failed", "violations": thin_roles} if count(thin_roles) > 0

else := lib.not_applicable("a role has nobody at all: see approvals/role-undefined") if count(undefined_roles) > 0

else := lib.failed(owner_path, {})

thin_roles contains violation if {
	some demand in demands
	count(input.facts.approvals.roles[demand.role].members) <= demand.count
	violation := lib.violation(owner_path, {"role": demand.role, "neededCount": demand.count})
}
