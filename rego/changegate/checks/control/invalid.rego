package changegate.checks.control

import data.changegate.lib

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
	violation := lib.finding_at(one.at, {"problem": one.message, "hint": one.hint})
}
