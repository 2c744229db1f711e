package changegate.checks.control

import data.changegate.lib

# METADATA
# title: The glass is broken by whom the settings allow, for a short time, and its follow-up stays
# description: |
#   In an incident a release may have to go out though a rule says no. Who may do that is said before, by the base's settings; it is for one
#   release, it is short, and what was left undone is done before the next one. Digests and signatures say which bytes run: an
#   incident is the worst time to stop asking.
# custom:
#   severity: error
#   message: "Breaking the glass over {rule} for {model} is not allowed: {problem}."
#   remediation: "{hint}"
#   settings: [control.allowedBreakGlassRoles, control.maximumBreakGlassSeconds, control.unwaivable]
#   references: ["docs/settings.md", "NIST SP 800-53 Rev. 5, CM-3: configuration change control"]
#   example:
#     bad: 'breakGlass: {incident: INC-7, onCall: platform, version: 2.4.1, followUp: …}  # of artifacts/digest-mismatch'
#     good: 'breakGlass: {incident: INC-7, onCall: platform, version: 2.4.1, followUp: …}  # of rollout/bake-too-short'
outcome["control/break-glass-not-allowed"] := lib.not_applicable("no control file changed") if unchanged

else := lib.passed if {
	input.facts.control.checked == true
	input.facts.control.breakGlass.entries == []
	input.facts.control.breakGlass.dropped == []
}

else := {"outcome": "failed", "violations": not_broken} if count(not_broken) > 0

else := lib.unknown("nobody can say who brings this change, and only people on call may break the glass") if {
	input.facts.control.breakGlass.authorKnown == false
}

else := lib.passed if {
	input.facts.control.checked == true
	input.facts.control.breakGlass.authorKnown == true
	input.facts.control.breakGlass.dropped == []
	is_array(input.settings.control.unwaivable)
	every entry in input.facts.control.breakGlass.entries {
		may_be_broken(entry)
	}
}

else := lib.failed_at({"file": ".changegate/waivers.yaml"}, {
	"rule": "a rule", "model": "a model", "problem": "nothing says whether it may be", "hint": "Run the gate again.",
})

may_be_broken(entry) if {
	entry.bindsBytes == false
	waivable(entry)
	entry.role in input.settings.control.allowedBreakGlassRoles
	entry.authorInRole == true
	entry.secondsLeft <= input.settings.control.maximumBreakGlassSeconds
}

not_broken contains violation if {
	some entry in input.facts.control.breakGlass.entries
	entry.bindsBytes == true
	violation := about(entry, "no incident lifts a rule about digests or signatures", "Take the waiver out, and mend what the rule says.")
}

not_broken contains violation if {
	some entry in input.facts.control.breakGlass.entries
	some name in input.settings.control.unwaivable
	name in {entry.rule, entry.family}
	violation := about(entry, "the settings let nobody waive this rule", "Take the waiver out, and mend what the rule says.")
}

not_broken contains violation if {
	some entry in input.facts.control.breakGlass.entries
	not entry.role in input.settings.control.allowedBreakGlassRoles
	problem := concat("", ["the settings let nobody of the role ", entry.role, " break the glass"])
	hint := "Name a role of `settings.control.allowedBreakGlassRoles` of the base under `onCall`, or waive the rule as usual, without `breakGlass`."
	violation := about(entry, problem, hint)
}

not_broken contains violation if {
	input.facts.control.breakGlass.authorKnown == true
	some entry in input.facts.control.breakGlass.entries
	entry.role in input.settings.control.allowedBreakGlassRoles
	entry.authorInRole == false
	problem := concat("", ["whoever brings it is not in the role ", entry.role, " at the base"])
	violation := about(entry, problem, "Have somebody on call open the pull request.")
}

not_broken contains violation if {
	some entry in input.facts.control.breakGlass.entries
	entry.secondsLeft > input.settings.control.maximumBreakGlassSeconds
	hint := concat("", ["Let it end on ", entry.lastDay, " or before: `expires: ", entry.lastDay, "`."])
	violation := about(entry, "it lasts longer than break-glass may", hint)
}

not_broken contains violation if {
	some entry in input.facts.control.breakGlass.dropped
	problem := concat("", ["the follow-up of ", entry.incident, " is not done: ", entry.followUp])
	hint := "Put the entry back as it was. When the follow-up is done, say so in it: `done: {on: a day, by: a name}`."
	violation := about(entry, problem, hint)
}

about(entry, problem, hint) := lib.finding_at(entry.at, {
	"rule": entry.rule, "model": entry.model, "problem": problem, "hint": hint,
})
