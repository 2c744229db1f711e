# METADATA
# title: Retirements
# description: A release that is deleted stops running, which is a decision like any other.
# custom:
#   subject: retirement
#   path: [metadata, name]
package changegate.checks.retirement

import data.changegate.checks.approvals
import data.changegate.lib

name_path := ["metadata", "name"]

# METADATA
# title: Nothing depends on what is retired
# description: A release that others name as a member, a base model or a guardrail cannot go first.
# custom:
#   severity: error
#   message: "The release still depends on {retired}, which is deleted."
#   remediation: "Move {file} to another release first, or keep the one that it needs."
#   settings: []
#   references: ["ISO/IEC 42001:2023, A.6.2.6"]
#   example:
#     bad: 'dependsOn: [{name: card-embedder}]  # and card-embedder is deleted'
#     good: 'dependsOn: []  # before card-embedder is deleted'
outcome["retirement/still-depended-on"] := lib.passed if {
	input.facts.retirement.checked == true
	input.facts.retirement.dependants == []
}

else := {"outcome": "failed", "violations": dependants} if count(dependants) > 0

else := lib.failed(name_path, {})

dependants contains violation if {
	some one in input.facts.retirement.dependants
	violation := lib.violation_at(one.at, {"file": one.at.file, "retired": input.subject.identity.name})
}

# METADATA
# title: A retirement is approved
# description: Deleting a manifest takes a model away from whoever relies on it.
# custom:
#   severity: error
#   awaitsApproval: true
#   message: "The role {role} has to approve the retirement: {neededCount} needed, approved by {approvedBy}."
#   remediation: "Ask {candidates} to review the change as it stands now."
#   settings: [retirement.required]
#   references: ["NIST AI RMF 1.0, GOVERN 1.7: decommissioning"]
#   example:
#     bad: 'git rm models/fraud-detector/manifest.yaml, and reviews: []'
#     good: 'git rm models/fraud-detector/manifest.yaml, and everybody approved whom settings.retirement.required names'
outcome["retirement/not-approved"] := lib.not_applicable("nobody has to approve the retirement of this tier") if {
	count(approvals.demands) == 0
}

else := lib.unknown(input.evidence.approvals.reason) if {
	input.evidence.approvals.status in {"unavailable", "invalid"}
}

else := lib.passed if {
	count(approvals.demands) > 0
	every index, _ in approvals.demands { index in approvals.met }
}

else := {"outcome": "failed", "violations": approvals.unmet} if count(approvals.unmet) > 0

else := lib.failed(name_path, {})
