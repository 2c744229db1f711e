package changegate.checks.control

import data.changegate.lib

# METADATA
# title: Own policies answer after the merge
# description: |
#   Where a change touches the rules of the game, the repository's own policies are asked as they would stand once it has landed: about
#   the releases that there are, and, where the policies differ, about sample documents, in which every field is filled or lists are
#   long. A policy that reaches its bound of time or memory, or ends in an error, would leave every later change without a verdict.
#   Where the policies of the base end in the same way already, the change is not blamed.
# custom:
#   severity: error
#   message: "After this merge nothing could be decided: {problem}."
#   remediation: "Before it is merged: {hint}."
#   settings: []
#   references: ["docs/own-policies.md"]
#   example:
#     bad: 'deny contains "x" if { some a in numbers.range(1, 100000); some b in numbers.range(1, 100000); a * b == 7 }'
#     good: 'deny contains "x" if { some step in input.spec.rollout.steps; step.weight > 50 }'
outcome["control/policy-without-answer"] := lib.not_applicable("no control file changed") if unchanged

else := lib.not_applicable(input.facts.control.answers.reason) if input.facts.control.answers.status == "absent"

else := lib.unknown(input.facts.control.answers.reason) if input.facts.control.answers.status == "unavailable"

else := lib.passed if {
	input.facts.control.checked == true
	input.facts.control.answers.status == "present"
	input.facts.control.answers.failing == []
}

else := {"outcome": "failed", "violations": without_answer} if count(without_answer) > 0

else := lib.failed_at({"file": ".changegate/policies"}, {
	"problem": "nobody can say whether own policies answer", "hint": "run the gate again",
})

without_answer contains violation if {
	some one in input.facts.control.answers.failing
	violation := lib.finding_at(one.at, {"problem": one.message, "hint": one.hint})
}
