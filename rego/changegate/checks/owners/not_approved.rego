package changegate.checks.owners

import data.changegate.lib

# METADATA
# title: The code owners of what changed have approved
# description: |
#   Where the settings ask for code owners, whoever the base's CODEOWNERS names for a path approves its change, in every
#   section that has a line for it. A change of CODEOWNERS itself counts from the next one on.
# custom:
#   severity: error
#   awaitsApproval: true
#   message: "The code owners {owners} have to approve {files}: {neededCount} needed, approved by {approvedBy}."
#   remediation: "Ask for a review of the change as it stands now, from: {candidates}."
#   settings: [owners.requiredFor, owners.codeowners, approvals.maximumAgeSeconds]
#   references: ["docs/settings.md", "SLSA v1.2, source track: two-party review"]
#   example:
#     bad: '/models/fraud/ @acme/payments-ml  # and nobody of that team has approved the change of its manifest'
#     good: '/models/fraud/ @acme/payments-ml  # and one of them has'
outcome["owners/not-approved"] := lib.not_applicable(switched_off) if off

else := lib.not_applicable(unreadable) if input.evidence.owners.status == "invalid"

else := lib.not_applicable(nobody_asked) if {
	input.facts.owners.checked == true
	is_array(input.facts.owners.demands)
	is_array(input.settings.owners.requiredFor)
	count(files) == 0
}

else := lib.unknown(input.evidence.owners.reason) if input.evidence.owners.status == "unavailable"

else := lib.passed if {
	input.facts.owners.checked == true
	count(files) > 0
	every index, _ in files { index in met }
}

else := lib.unknown(concat("; ", sort(unclear))) if count(unclear) > 0

else := {"outcome": "failed", "violations": missing} if count(missing) > 0

else := lib.failed_at(somewhere, {})

missing contains found if {
	some index, _ in files
	not index in met
	candidates := [login | some login in left[index]; not login in counted[index]]
	found := unmet(index, {"approvedBy": counted[index], "candidates": candidates})
}
