package changegate.checks.owners

import data.changegate.lib

# METADATA
# title: The CODEOWNERS of the base can be read
# description: A line that the host leaves out in silence asks nobody, and whoever wrote it believes that it does. A change that mends the file is judged by the rest of it.
# custom:
#   severity: error
#   message: "CODEOWNERS cannot be followed here: {problem}."
#   remediation: "{hint}"
#   settings: [owners.requiredFor, owners.codeowners]
#   references: ["docs/settings.md"]
#   example:
#     bad: '!/models/research/  # on GitHub, which knows no exclusions'
#     good: '/models/research/'
outcome["owners/invalid"] := lib.not_applicable(switched_off) if off

else := lib.passed if {
	input.facts.owners.checked == true
	input.facts.owners.faults == []
	is_array(input.settings.owners.requiredFor)
}

else := {"outcome": "failed", "violations": faults} if count(faults) > 0

else := lib.failed_at(somewhere, {})

faults contains found if {
	some one in input.facts.owners.faults
	found := lib.finding_at(one.at, {"problem": one.message, "hint": one.hint})
}
