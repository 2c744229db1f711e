package changegate.checks.owners

import data.changegate.lib

# METADATA
# title: Enough code owners are left who could approve
# description: Where all owners of a path have written the change, no review opens it, and waiting for one is waiting for ever.
# custom:
#   severity: error
#   message: "The code owners {owners} have to approve {files}, {neededCount} of them, and {leftCount} have not written this change: {left}."
#   remediation: "Have somebody else write the change, or name more owners in CODEOWNERS, in a change of its own."
#   settings: [owners.requiredFor, owners.codeowners]
#   references: ["NIST SP 800-53 Rev. 5, AC-5: separation of duties"]
#   example:
#     bad: '/models/fraud/ @mira  # mira wrote the change'
#     good: '/models/fraud/ @mira @ana'
outcome["owners/nobody-left"] := lib.not_applicable(switched_off) if off

else := lib.not_applicable(unreadable) if input.evidence.owners.status == "invalid"

else := lib.not_applicable(nobody_asked) if {
	input.facts.owners.checked == true
	is_array(input.facts.owners.demands)
	is_array(input.settings.owners.requiredFor)
	count(files) == 0
}

else := lib.not_applicable("nobody knows yet who wrote and who approved the change") if {
	input.evidence.owners.status == "unavailable"
}

else := lib.passed if {
	input.facts.owners.checked == true
	count(files) > 0
	every index, _ in files { index in possible }
}

else := {"outcome": "failed", "violations": left_alone} if count(left_alone) > 0

else := lib.not_applicable("nobody can tell who the owners are: see owners/not-approved") if count(unclear) > 0

else := lib.failed_at(somewhere, {})

left_alone contains found if {
	some index, _ in files
	not index in possible
	input.facts.owners.demands[index].unknownBecause == []
	found := unmet(index, {"left": left[index], "leftCount": count(left[index])})
}
