package changegate.checks.risk

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A changed intended use is approved
# description: A change of the intended purpose is a new assessment, and never goes through a lighter door.
# custom:
#   severity: error
#   awaitsApproval: true
#   message: "The intended use changed, and nobody of the role {role} has approved that."
#   remediation: "Ask one of these to review the change: {candidates}. Or put the intended use back as it was."
#   settings: [risk.intendedUseFrom, risk.intendedUseRole]
#   references: ["Regulation (EU) 2024/1689, Article 3(23): substantial modification", "FDA, PCCP guidance (2024), section V"]
#   example:
#     bad: "intendedUse: Decides on loans.  # it was: Sorts the queue of applications."
#     good: "intendedUse: Sorts the queue of applications."
outcome["risk/intended-use-changed"] := lib.not_applicable(lib.low_tier) if {
	input.settings.risk.intendedUseFrom in risk.beyond
}

else := lib.not_applicable("the intended use did not change") if input.facts.risk.intendedUse.changed == false

else := lib.unknown(input.evidence.approvals.reason) if input.evidence.approvals.status == "unavailable"

else := lib.passed if {
	input.evidence.approvals.status == "present"
	input.facts.risk.intendedUse.changed == true
	count(input.facts.approvals.roles[input.settings.risk.intendedUseRole].approvedBy) > 0
}

else := result if result := lib.failed_beside_previous(use_path, {"candidates": object.get(input.facts.approvals.roles, [input.settings.risk.intendedUseRole, "candidates"], []), "role": input.settings.risk.intendedUseRole})

else := lib.failed(use_path, {})
