package changegate.checks.operations

import data.changegate.lib

# METADATA
# title: What an incident left undone is done before the next release
# description: |
#   A release that went out over a rule, since the glass was broken in an incident, owes what was skipped. Its follow-up stands in
#   .changegate/waivers.yaml. The next version waits for it; a rollback does not, since it goes back to what ran.
# custom:
#   severity: error
#   message: "The follow-up of {incident} is open, for which {rule} was lifted for version {version}: {followUp}"
#   remediation: "Do it. Then write `done: {{on: a day, by: a name}}` into its `breakGlass` in .changegate/waivers.yaml, in a change of its own."
#   settings: []
#   references: ["https://sre.google/sre-book/postmortem-culture/"]
#   example:
#     bad: 'breakGlass: {incident: INC-7, version: 2.4.1, followUp: Measure it again., …}  # and 2.5.0 comes'
#     good: 'breakGlass: {…, done: {on: 2026-12-04, by: mira}}'
outcome["operations/follow-up-open"] := lib.not_applicable("the change does not touch the release") if input.change.operation == "unchanged"

else := lib.not_applicable("the change is itself a rollback") if input.change.operation == "rollback"

else := lib.passed if {
	is_array(input.facts.operations.followUps)
	is_string(input.change.operation)
	every one in input.facts.operations.followUps { one.forThisVersion == true }
}

else := {"outcome": "failed", "violations": open_follow_ups} if count(open_follow_ups) > 0

else := lib.failed(["spec", "version"], {})

open_follow_ups contains violation if {
	some one in input.facts.operations.followUps
	one.forThisVersion == false
	details := {"incident": one.incident, "rule": one.rule, "version": one.version, "followUp": one.followUp}
	finding := lib.finding(["spec", "version"], details)
	violation := lib.beside(finding, [{"message": "the waiver of the incident", "at": one.at}])
}
