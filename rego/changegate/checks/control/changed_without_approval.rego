package changegate.checks.control

import data.changegate.checks.approvals.demands
import data.changegate.checks.approvals.met
import data.changegate.checks.approvals.unclear
import data.changegate.checks.approvals.unmet
import data.changegate.lib

# METADATA
# title: A changed control file is approved
# description: Whoever may edit what judges a change could let anything pass with the next one.
# custom:
#   severity: error
#   awaitsApproval: true
#   message: "The {kind} file {file} changed, and that is not approved by: {roles}."
#   remediation: "Ask for a review of the change as it stands now, from: {candidates}."
#   settings: [control.required, control.requiredForBreakGlass]
#   optional: [input.evidence.evaluation, input.facts.approvals.plan, input.facts.evaluation, input.previous, input.settings.approvals.agreedPlans, input.settings.approvals.requiredWithinPlan]
#   references: ["docs/trust.md", "SLSA v1.1, source track"]
#   example:
#     bad: '.changegate/config.yaml changed, and reviews: []'
#     good: '.changegate/config.yaml changed, and everybody approved whom settings.control.required names'
outcome["control/changed-without-approval"] := lib.not_applicable("no control file changed") if unchanged

else := lib.unknown(input.evidence.approvals.reason) if {
	input.evidence.approvals.status in {"unavailable", "invalid"}
}

else := lib.passed if {
	input.facts.control.checked == true
	count(input.facts.control.changed) > 0
	count(demands) > 0
	every index, _ in demands { index in met }
}

else := lib.unknown(unclear) if unclear

else := {"outcome": "failed", "violations": unapproved} if count(unapproved) > 0

else := lib.failed_at({"file": ".changegate"}, {})

unapproved contains violation if {
	some one in input.facts.control.changed
	details := {
		"file": one.file,
		"kind": one.kind,
		"roles": sort({entry.details.role | some entry in unmet}),
		"candidates": sort({login | some entry in unmet; some login in entry.details.candidates}),
	}
	violation := lib.finding_at(one.at, details)
}
