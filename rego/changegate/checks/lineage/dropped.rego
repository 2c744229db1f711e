package changegate.checks.lineage

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: What a release no longer declares is approved
# description: |
#   A rule judges what is stated, so that leaving something out may be the way past it: a contract, an objective, the evidence
#   of a red team, a protected attribute, a guardrail, a data set, a label. Dropping it is judged like changing it. A release
#   that goes back to what ran is held to what that declared.
# custom:
#   severity: error
#   awaitsApproval: true
#   message: "The previous release declared {what}, and this one does not; nobody of the role {role} has approved that."
#   remediation: "Declare it again as the previous release does (`git show {revision}:{file}` shows it), or ask one of {candidates} to review the change."
#   settings: [lineage.droppedFrom, lineage.droppedRole, lineage.droppedKinds]
#   optional: [input.evidence.approvals, input.facts.approvals, input.facts.lineage.dropped, input.settings.lineage.droppedRole, input.previous]
#   references: ["SR 26-2: ongoing monitoring", "NIST AI RMF 1.0, MANAGE 4.1", "docs/decisions/0029-an-identity-is-its-authors-choice.md"]
#   example:
#     bad: "safety: {}  # the previous release has a redTeam"
#     good: "safety: {redTeam: {path: evidence/red-team.json, digest: sha256:b61d…}}"
outcome["lineage/dropped"] := lib.passed if {
	input.settings.lineage.droppedFrom in lib.tiers
	is_array(input.settings.lineage.droppedKinds)
	is_array(input.facts.lineage.dropped)
	lib.all_good(input.facts.lineage.dropped, let_go, input.facts.lineage.checked)
}

else := lib.not_applicable(lib.low_tier) if {
	input.settings.lineage.droppedFrom in risk.beyond
}

else := lib.unknown(input.evidence.approvals.reason) if input.evidence.approvals.status == "unavailable"

else := lib.passed if {
	input.settings.lineage.droppedFrom in lib.tiers
	input.facts.lineage.checked == true
	input.evidence.approvals.status == "present"
	count(missed) > 0
	count(input.facts.approvals.roles[input.settings.lineage.droppedRole].approvedBy) > 0
}

else := {"outcome": "failed", "violations": missed} if count(missed) > 0

else := lib.failed(name_path, {})

# METADATA
# description: What nobody has to approve, by its index.
let_go contains index if {
	some index, one in input.facts.lineage.dropped
	is_string(one.kind)
	not one.kind in input.settings.lineage.droppedKinds
}

missed contains lib.finding_of(one, details, name_path) if {
	some one in input.facts.lineage.dropped
	one.kind in input.settings.lineage.droppedKinds
	details := {
		"what": one.what,
		"revision": input.previous.revision,
		"file": input.previous.file,
		"role": input.settings.lineage.droppedRole,
		"candidates": object.get(input.facts.approvals.roles, [input.settings.lineage.droppedRole, "candidates"], []),
	}
}
