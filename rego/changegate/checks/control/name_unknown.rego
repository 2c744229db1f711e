package changegate.checks.control

import data.changegate.lib

# METADATA
# title: What control files name is there
# description: |
#   A waiver, an override or an entry of the inventory for a rule, team, role or model that does not exist does nothing, and
#   nobody sees that. Looked at for the names that a change brings; of those that the base has, the notes of a verdict tell.
# custom:
#   severity: error
#   message: "The {kind} {name} does not exist."
#   remediation: "{hint}"
#   settings: []
#   references: ["docs/settings.md"]
#   example:
#     bad: '{rule: evaluation/regressed, model: fraud-detecter, …}  # in .changegate/waivers.yaml'
#     good: '{rule: evaluation/regressed, model: fraud-detector, …}'
outcome["control/name-unknown"] := lib.not_applicable("no control file changed") if unchanged

else := lib.passed if {
	input.facts.control.checked == true
	input.facts.control.unknown == []
}

else := {"outcome": "failed", "violations": named_in_vain} if count(named_in_vain) > 0

else := lib.failed_at({"file": ".changegate"}, {})

named_in_vain contains finding if {
	some one in input.facts.control.unknown
	finding := lib.finding_at(one.at, {"kind": one.kind, "name": one.name, "hint": one.hint})
}
