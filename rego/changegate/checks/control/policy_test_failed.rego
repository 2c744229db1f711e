package changegate.checks.control

import data.changegate.lib

# METADATA
# title: The tests of own policies hold after the merge
# description: |
#   Where a change touches the repository's own policies, their data or their tests, these tests are run as they would stand once it
#   has landed. A test that fails says that a rule no longer decides as somebody meant it to. One that fails at the base already is
#   told, and closes nothing.
# custom:
#   severity: error
#   message: "{problem}."
#   remediation: "{hint}"
#   settings: []
#   references: ["docs/own-policies.md", "docs/policy-tools.md"]
#   example:
#     bad: 'test_long_name_fires if count(deny) == 2 with input as long_name  # one message comes'
#     good: 'test_long_name_fires if count(deny) == 1 with input as long_name'
outcome["control/policy-test-failed"] := lib.not_applicable("no control file changed") if unchanged

else := lib.not_applicable(input.facts.control.tests.reason) if input.facts.control.tests.status == "absent"

else := lib.unknown(input.facts.control.tests.reason) if input.facts.control.tests.status == "unavailable"

else := lib.passed if {
	input.facts.control.checked == true
	input.facts.control.tests.status == "present"
	input.facts.control.tests.failing == []
}

else := {"outcome": "failed", "violations": failing_tests} if count(failing_tests) > 0

else := lib.failed_at({"file": ".changegate/policies"}, {
	"problem": "nobody can say whether the tests of own policies hold", "hint": "Run the gate again.",
})

failing_tests contains violation if {
	some one in input.facts.control.tests.failing
	violation := lib.finding_at(one.at, {"problem": one.message, "hint": one.hint})
}
