package changegate.checks.control_test

broken := {
	"rule": "rollout/bake-too-short", "family": "rollout/*", "model": "fraud-detector", "version": "2.4.1",
	"incident": "INC-7", "role": "platform", "secondsLeft": 100, "lastDay": "2026-11-03", "bindsBytes": false,
	"authorInRole": true, "at": {"file": ".changegate/waivers.yaml", "line": 4},
}

dropped_one := {
	"rule": "rollout/bake-too-short", "model": "fraud-detector", "incident": "INC-7", "followUp": "measure it",
	"at": {"file": ".changegate/waivers.yaml", "revision": "base", "line": 4},
}

with_glass(entry) := put("/facts/control/breakGlass/entries", [entry])

glass(patches) := outcomes(patches)["control/break-glass-not-allowed"]

said_of_glass(entry, problem, hint) := failed(entry.at, {
	"rule": entry.rule, "model": entry.model, "problem": problem, "hint": hint,
})

mend_it := "Take the waiver out, and mend what the rule says."

test_break_glass_not_allowed_fires_alone if {
	digest := object.union(broken, {"bindsBytes": true})
	failures([with_glass(digest)]) == {"control/break-glass-not-allowed"}
	glass([with_glass(digest)]) == said_of_glass(digest, "no incident lifts a rule about digests or signatures", mend_it)
}

test_break_glass_not_allowed_for_what_may_not_be_waived if {
	every change in [{"rule": "approvals/missing", "family": "approvals/*"}] {
		entry := object.union(broken, change)
		glass([with_glass(entry)]) == said_of_glass(entry, "the settings let nobody waive this rule", mend_it)
	}
}

test_break_glass_not_allowed_for_another_role if {
	entry := object.union(broken, {"role": "others"})
	found := glass([with_glass(entry)])
	some violation in found.violations
	violation.details.problem == "the settings let nobody of the role others break the glass"
	nobody := glass([with_glass(broken), put("/settings/control/allowedBreakGlassRoles", [])])
	nobody.outcome == "failed"
}

test_break_glass_not_allowed_for_an_author_who_is_not_on_call if {
	entry := object.union(broken, {"authorInRole": false})
	problem := "whoever brings it is not in the role platform at the base"
	glass([with_glass(entry)]) == said_of_glass(entry, problem, "Have somebody on call open the pull request.")
	glass([with_glass(entry), put("/facts/control/breakGlass/authorKnown", false)]).outcome == "unknown"
}

test_break_glass_not_allowed_for_longer if {
	entry := object.union(broken, {"secondsLeft": 1001})
	hint := "Let it end on 2026-11-03 or before: `expires: 2026-11-03`."
	glass([with_glass(entry)]) == said_of_glass(entry, "it lasts longer than break-glass may", hint)
	glass([with_glass(object.union(broken, {"secondsLeft": 1000}))]) == passed
}

test_break_glass_not_allowed_where_a_follow_up_is_dropped if {
	found := glass([put("/facts/control/breakGlass/dropped", [dropped_one])])
	found.outcome == "failed"
	some violation in found.violations
	violation.details.problem == "the follow-up of INC-7 is not done: measure it"
}

test_break_glass_not_allowed_passes_what_the_settings_allow if {
	outcomes([])["control/break-glass-not-allowed"] == passed
	glass([with_glass(broken)]) == passed
	glass([unchanged]).outcome == "not-applicable"
}

test_break_glass_not_allowed_missing_facts_fail if {
	every path in ["/facts/control/breakGlass", "/facts/control/breakGlass/dropped", "/facts/control/breakGlass/entries"] {
		glass([drop(path)]).outcome == "failed"
	}
	every key in ["bindsBytes", "role", "authorInRole", "secondsLeft", "rule", "family"] {
		glass([with_glass(object.remove(broken, [key]))]).outcome == "failed"
	}
	every path in ["/settings/control/allowedBreakGlassRoles", "/settings/control/maximumBreakGlassSeconds", "/settings/control/unwaivable"] {
		glass([with_glass(broken), drop(path)]).outcome == "failed"
	}
}
