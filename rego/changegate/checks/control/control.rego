# METADATA
# title: Control files
# description: Settings, teams, waivers, policies, CODEOWNERS and CI files decide how changes are judged, so their change is one to decide on.
# custom:
#   subject: change-set
package changegate.checks.control

import data.changegate.checks.approvals
import data.changegate.lib

unchanged if {
	input.facts.control.checked == true
	input.facts.control.changed == []
}

# METADATA
# title: A changed control file is approved
# description: Whoever may edit what judges a change could let anything pass with the next one.
# custom:
#   severity: error
#   awaitsApproval: true
#   message: "The {kind} file {file} changed, and {roles} have not approved that."
#   remediation: "Ask {candidates} to review the change as it stands now."
#   settings: [control.required]
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
	count(approvals.demands) > 0
	every index, _ in approvals.demands { index in approvals.met }
}

else := {"outcome": "failed", "violations": unapproved} if count(unapproved) > 0

else := lib.failed_at({"file": ".changegate"}, {})

unapproved contains violation if {
	some one in input.facts.control.changed
	details := {
		"file": one.file,
		"kind": one.kind,
		"roles": sort({entry.details.role | some entry in approvals.unmet}),
		"candidates": sort({login | some entry in approvals.unmet; some login in entry.details.candidates}),
	}
	violation := lib.violation_at(one.at, details)
}

# METADATA
# title: The configuration stays
# description: Without it nothing is enforced from the next change on.
# custom:
#   severity: error
#   message: The configuration is removed, and nothing would be enforced after that.
#   remediation: "Keep .changegate/config.yaml; to stop enforcing, write `enforcement: observe` in it and have that approved."
#   settings: []
#   references: ["docs/trust.md"]
#   example:
#     bad: 'git rm .changegate/config.yaml'
#     good: 'enforcement: observe  # in .changegate/config.yaml'
outcome["control/configuration-removed"] := lib.passed if {
	input.facts.control.checked == true
	is_array(input.facts.control.changed)
	every one in input.facts.control.changed { keeps_configuration(one) }
}

else := lib.failed_at({"file": ".changegate/config.yaml", "revision": "base"}, {})

keeps_configuration(one) if one.oldFile != ".changegate/config.yaml"

keeps_configuration(one) if one.operation in {"added", "modified", "type-changed"}

# METADATA
# title: What configures the gate works after the merge
# description: Settings, teams, waivers and own policies are tried as they would stand. What does not load keeps the gate from deciding anything once it has landed, and a role without people can never approve what would mend it.
# custom:
#   severity: error
#   message: "The gate could not use this once it is merged: {problem}."
#   remediation: "{hint}"
#   settings: []
#   references: ["docs/settings.md", "docs/trust.md"]
#   example:
#     bad: 'enforcment: enforce  # in .changegate/config.yaml'
#     good: 'enforcement: enforce'
outcome["control/invalid"] := lib.not_applicable("no control file changed") if unchanged

else := lib.passed if {
	input.facts.control.checked == true
	input.facts.control.invalid == []
}

else := {"outcome": "failed", "violations": broken} if count(broken) > 0

else := lib.failed_at({"file": ".changegate"}, {})

broken contains violation if {
	some one in input.facts.control.invalid
	violation := lib.violation_at(one.at, {"problem": one.message, "hint": one.hint})
}
