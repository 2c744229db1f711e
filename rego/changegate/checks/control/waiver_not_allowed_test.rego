package changegate.checks.control_test

waiver := {
	"rule": "evaluation/regressed",
	"family": "evaluation/*",
	"model": "fraud-detector",
	"secondsLeft": 100,
	"hint": "Let it end by 2026-12-31.",
	"at": {"file": ".changegate/waivers.yaml", "line": 5},
}

refusal(problem, hint) := failed(waiver.at, {"rule": waiver.rule, "model": waiver.model, "problem": problem, "hint": hint})

nobody_knows := failed({"file": ".changegate/waivers.yaml"}, {
	"rule": "a rule", "model": "a model", "problem": "nothing says whether it may be", "hint": "Run the gate again.",
})

unwaivable := refusal("the settings let nobody waive this rule", "Take the waiver out, and mend what the rule says.")

too_long := refusal("it lasts longer than a waiver of any tier may", "Let it end by 2026-12-31.")

allowed(patches) := outcomes(array.concat([put("/facts/control/waivers", [waiver])], patches))["control/waiver-not-allowed"]

test_waiver_not_allowed_fires_on_a_rule_that_nobody_may_waive if {
	allowed([put("/settings/control/unwaivable", ["evaluation/regressed"])]) == unwaivable
	allowed([put("/settings/control/unwaivable", ["evaluation/*"])]) == unwaivable
}

test_waiver_not_allowed_fires_on_one_that_is_too_long if {
	allowed([put("/settings/control/maximumWaiverSeconds", {"low": 99, "medium": 9, "high": 9, "critical": 0})]) == too_long
}

test_waiver_not_allowed_passes_what_is_short_enough_for_a_tier if {
	allowed([]) == passed
	allowed([put("/settings/control/maximumWaiverSeconds", {"low": 100, "medium": 9, "high": 9, "critical": 0})]) == passed
	allowed([put("/settings/control/unwaivable", ["evaluation/other", "rollout/*"])]) == passed
}

test_waiver_not_allowed_missing_settings_and_facts_fail if {
	allowed([drop("/settings/control/unwaivable")]) == nobody_knows
	allowed([drop("/settings/control/maximumWaiverSeconds/low")]) == nobody_knows
	outcomes([drop("/facts/control/waivers")])["control/waiver-not-allowed"] == nobody_knows
	outcomes([put("/facts/control/waivers", [object.remove(waiver, ["rule"])])])["control/waiver-not-allowed"] == nobody_knows
	outcomes([put("/facts/control/waivers", [object.remove(waiver, ["secondsLeft"])])])["control/waiver-not-allowed"] == too_long
}
