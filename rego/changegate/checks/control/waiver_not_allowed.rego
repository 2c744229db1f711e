package changegate.checks.control

import data.changegate.lib

# METADATA
# title: A waiver is for a rule that may be waived, and for no longer than is allowed
# description: |
#   Some rules say who a model is, whether its bytes are the ones that were tested, and who approved: without them no other answer
#   means anything, so no waiver lifts them. A waiver that lasts for years is a rule that is off; it says so in the settings instead.
# custom:
#   severity: error
#   message: "The waiver of {rule} for {model} would not count: {problem}."
#   remediation: "{hint}"
#   settings: [control.unwaivable, control.maximumWaiverSeconds]
#   references: ["docs/settings.md"]
#   example:
#     bad: '{rule: artifacts/digest-mismatch, model: fraud-detector, expires: 2026-12-31, …}  # in .changegate/waivers.yaml'
#     good: '{rule: evaluation/regressed, model: fraud-detector, expires: 2026-12-31, …}'
outcome["control/waiver-not-allowed"] := lib.not_applicable("no control file changed") if unchanged

else := lib.passed if {
	input.facts.control.checked == true
	is_array(input.settings.control.unwaivable)
	input.settings.control.maximumWaiverSeconds.low >= 0
	input.settings.control.maximumWaiverSeconds.medium >= 0
	input.settings.control.maximumWaiverSeconds.high >= 0
	input.settings.control.maximumWaiverSeconds.critical >= 0
	every waiver in input.facts.control.waivers {
		not_refused(waiver)
	}
}

else := {"outcome": "failed", "violations": refused} if count(refused) > 0

else := lib.failed_at({"file": ".changegate/waivers.yaml"}, {
	"rule": "a rule", "model": "a model", "problem": "nothing says whether it may be", "hint": "Run the gate again.",
})

not_refused(waiver) if {
	waivable(waiver)
	short_enough(waiver)
}

waivable(waiver) if count({waiver.rule, waiver.family} & {name | some name in input.settings.control.unwaivable}) == 0

short_enough(waiver) if {
	some seconds in input.settings.control.maximumWaiverSeconds
	waiver.secondsLeft <= seconds
}

refused contains violation if {
	some waiver in input.facts.control.waivers
	some name in input.settings.control.unwaivable
	name in {waiver.rule, waiver.family}
	violation := lib.finding_at(waiver.at, {
		"rule": waiver.rule,
		"model": waiver.model,
		"problem": "the settings let nobody waive this rule",
		"hint": "Take the waiver out, and mend what the rule says.",
	})
}

refused contains violation if {
	some waiver in input.facts.control.waivers
	count({tier | waiver.secondsLeft <= input.settings.control.maximumWaiverSeconds[tier]}) == 0
	violation := lib.finding_at(waiver.at, {
		"rule": waiver.rule,
		"model": waiver.model,
		"problem": "it lasts longer than a waiver of any tier may",
		"hint": waiver.hint,
	})
}
