# METADATA
# title: Rollout
# description: How a release reaches its users, what stops it on the way, and how it comes back.
# custom:
#   subject: release
#   path: [spec, rollout]
package changegate.checks.rollout

import data.changegate.lib
import data.changegate.risk

no_plan := "there is no rollout plan: see rollout/plan-missing"

at_once := "the strategy moves all traffic in one step"

no_objective := "there is no objective of errors or latency to size a step by: see slos/error-rate-missing"

steps_path := ["spec", "rollout", "steps"]

drill_path := ["spec", "rollout", "rollback", "drill"]

# METADATA
# title: A release has a rollout plan
# description: Without a plan a release reaches everybody at once, and nothing says when to stop.
# custom:
#   severity: error
#   message: The release has no rollout plan.
#   remediation: "Add one under `spec`, for example `rollout: {strategy: canary, steps: [{weight: 5, bake: 30m}, {weight: 25, bake: 30m}, {weight: 50, bake: 1h}, {weight: 100}]}`."
#   settings: [rollout.planFrom, rollout.notApplicablePlatforms]
#   optional: [input.release.spec.serving.platform, input.settings.rollout.notApplicablePlatforms, input.settings.rollout.planFrom]
#   references: ["NIST AI RMF 1.0, MANAGE 2.4: mechanisms to supersede or deactivate a system"]
#   example:
#     bad: "spec: {version: 2.4.0}"
#     good: "spec: {rollout: {strategy: canary, steps: [{weight: 5, bake: 30m}, {weight: 100}]}}"
outcome["rollout/plan-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.planFrom in risk.beyond
}

else := lib.not_applicable("the platform has no traffic to move, as the manifest says") if {
	input.facts.rollout.plan == "not-applicable"
	input.release.spec.serving.platform in input.settings.rollout.notApplicablePlatforms
}

else := lib.passed if input.facts.rollout.plan == "present"

else := lib.failed(["spec", "rollout"], {})

# METADATA
# title: The strategy suits the tier
# description: A release of a high tier must not replace its predecessor for everybody at once.
# custom:
#   severity: error
#   message: "The strategy {strategy} is not allowed for this tier."
#   remediation: "Choose one of {allowedStrategies}, for example `strategy: canary` with `steps`."
#   settings: [rollout.planFrom, rollout.allowedStrategies]
#   optional: [input.facts.rollout.plan, input.settings.rollout.planFrom]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "rollout: {strategy: replace}"
#     good: "rollout: {strategy: canary, steps: [{weight: 5, bake: 30m}, {weight: 100}]}"
outcome["rollout/strategy-unsuitable"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.planFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.passed if input.facts.rollout.strategy in input.settings.rollout.allowedStrategies[risk.tier]

else := result if result := lib.failed(["spec", "rollout", "strategy"], strategy_details)

else := lib.failed(["spec", "rollout", "strategy"], {})

strategy_details := {
	"strategy": input.facts.rollout.strategy,
	"allowedStrategies": input.settings.rollout.allowedStrategies[risk.tier],
}

# METADATA
# title: Every step takes more traffic than the one before
# description: A step that does not rise shows nothing new, and some controllers stall on it for ever.
# custom:
#   severity: error
#   message: The step takes no more traffic than the one before it.
#   remediation: "Write the weights in rising order, for example 5, 25, 50, 100."
#   settings: [rollout.planFrom]
#   optional: [input.facts.rollout.gradual, input.facts.rollout.plan, input.settings.rollout.planFrom]
#   references: ["https://docs.flagger.app/usage/deployment-strategies"]
#   example:
#     bad: "steps: [{weight: 25, bake: 30m}, {weight: 5, bake: 30m}, {weight: 100}]"
#     good: "steps: [{weight: 5, bake: 30m}, {weight: 25, bake: 30m}, {weight: 100}]"
outcome["rollout/steps-not-ascending"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.planFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(at_once) if input.facts.rollout.gradual == false

else := result if result := lib.each(steps_path, input.facts.rollout.steps, rising)

else := lib.failed(steps_path, {})

rising contains index if {
	some index, step in input.facts.rollout.steps
	step.risePercent > 0
}

# METADATA
# title: The last step takes all traffic
# description: What happens after a last step below 100% is left to the controller, and controllers differ.
# custom:
#   severity: error
#   message: The plan does not end with all of the traffic.
#   remediation: "Add the last step: `{weight: 100}`."
#   settings: [rollout.planFrom]
#   optional: [input.facts.rollout.gradual, input.facts.rollout.plan, input.settings.rollout.planFrom]
#   references: ["https://argo-rollouts.readthedocs.io/en/stable/features/canary/"]
#   example:
#     bad: "steps: [{weight: 5, bake: 30m}, {weight: 50, bake: 1h}]"
#     good: "steps: [{weight: 5, bake: 30m}, {weight: 50, bake: 1h}, {weight: 100}]"
outcome["rollout/does-not-end-at-full"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.planFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(at_once) if input.facts.rollout.gradual == false

else := lib.passed if input.facts.rollout.endsAtFull == true

else := lib.failed(steps_path, {})

# METADATA
# title: The first step is small
# description: The first step is the share of users that a fault is tried on.
# custom:
#   severity: error
#   message: "The first step takes {weightPercent} of the traffic; this tier starts with at most {maximumPercent}."
#   remediation: "Start with a smaller step, for example `{weight: 5, bake: 30m}`, before this one."
#   settings: [rollout.planFrom, rollout.maximumFirstWeightPercent]
#   optional: [input.facts.rollout.gradual, input.facts.rollout.plan, input.settings.rollout.planFrom]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "steps: [{weight: 50, bake: 30m}, {weight: 100}]"
#     good: "steps: [{weight: 5, bake: 30m}, {weight: 50, bake: 30m}, {weight: 100}]"
outcome["rollout/first-step-too-large"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.planFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(at_once) if input.facts.rollout.gradual == false

else := lib.passed if {
	input.facts.rollout.steps[0].weightPercent <= input.settings.rollout.maximumFirstWeightPercent[risk.tier]
}

else := result if result := lib.failed(["spec", "rollout", "steps", 0, "weight"], first_details)

else := lib.failed(steps_path, {})

first_details := {
	"weightPercent": input.facts.rollout.steps[0].weightPercent,
	"maximumPercent": input.settings.rollout.maximumFirstWeightPercent[risk.tier],
}

# METADATA
# title: Every step bakes long enough to see a fault
# description: A step that is shorter than the bake time of its tier promotes on noise. The step that takes all traffic is exempt.
# custom:
#   severity: error
#   message: "The step bakes for {bakeSeconds}; this tier needs at least {minimumSeconds}."
#   remediation: "Lengthen the step, for example `bake: 30m`; where traffic is low, to hours."
#   settings: [rollout.planFrom, rollout.minimumBakeSeconds]
#   optional: [input.facts.rollout.gradual, input.facts.rollout.plan, input.facts.rollout.steps.full, input.settings.rollout.planFrom]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "steps: [{weight: 5, bake: 5m}, {weight: 100}]"
#     good: "steps: [{weight: 5, bake: 30m}, {weight: 100}]"
outcome["rollout/bake-too-short"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.planFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(at_once) if input.facts.rollout.gradual == false

else := lib.passed if lib.all_good(input.facts.rollout.steps, baked, has_steps)

else := result if result := lib.none_of(lib.at_index(input.facts.rollout.steps, baked, bake_details, steps_path, []), has_steps)

else := lib.failed(steps_path, {})

baked contains index if {
	some index, step in input.facts.rollout.steps
	step.bakeSeconds >= input.settings.rollout.minimumBakeSeconds[risk.tier]
}

baked contains index if {
	some index, step in input.facts.rollout.steps
	step.full == true
}

bake_details[index] := details if {
	some index, step in input.facts.rollout.steps
	details := {
		"bakeSeconds": step.bakeSeconds,
		"minimumSeconds": input.settings.rollout.minimumBakeSeconds[risk.tier],
	}
}

# METADATA
# title: The traffic is declared
# description: Without the expected traffic nobody can tell whether a step sees enough requests to notice a fault.
# custom:
#   severity: error
#   message: "A step cannot be sized: the manifest declares no traffic."
#   remediation: "Say how many requests a second the endpoint serves: `serving: {requestsPerSecond: 220}`."
#   settings: [rollout.powerFrom]
#   optional: [input.facts.rollout.gradual, input.facts.rollout.plan, input.settings.rollout.powerFrom]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "serving: {platform: kubernetes}"
#     good: "serving: {platform: kubernetes, requestsPerSecond: 220}"
outcome["rollout/traffic-undeclared"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.powerFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(at_once) if input.facts.rollout.gradual == false

else := lib.passed if input.evidence.rollout.traffic.status == "present"

else := lib.failed(["spec", "serving", "requestsPerSecond"], {})

# METADATA
# title: Every step sees enough requests to notice a fault
# description: |
#   A one-sided test with the settings' significance and power: the step must get as many requests as it takes to notice a
#   release that burns its error budget several times over, or is slow for more requests than it may be.
# custom:
#   severity: error
#   message: "The step sees {expectedRequestsCount}, its test needs {requiredRequestsCount} (for {objective})."
#   remediation: "Lengthen the step's `bake`, raise its `weight`, or leave the step out: it would promote on noise."
#   settings: [rollout.powerFrom, rollout.significance, rollout.power, rollout.detectableErrorFactor, rollout.detectableLatencyFactor]
#   optional: [input.evidence.rollout.traffic.status, input.facts.rollout.gradual, input.facts.rollout.plan, input.facts.rollout.sample, input.facts.rollout.steps.full, input.facts.rollout.steps.sizedBy, input.settings.rollout.powerFrom]
#   references: ["https://sre.google/workbook/canarying-releases/", "Fleiss, Levin, Paik: Statistical Methods for Rates and Proportions, 3rd ed., ch. 4"]
#   example:
#     bad: "serving: {requestsPerSecond: 1}  # steps: [{weight: 5, bake: 30m}, {weight: 100}]"
#     good: "serving: {requestsPerSecond: 1}  # steps: [{weight: 5, bake: 12h}, {weight: 100}]"
outcome["rollout/underpowered-step"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.powerFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(at_once) if input.facts.rollout.gradual == false

else := lib.not_applicable("no traffic is declared: see rollout/traffic-undeclared") if {
	input.evidence.rollout.traffic.status == "absent"
}

else := lib.not_applicable(no_objective) if input.facts.rollout.sample == "no-objective"

else := lib.passed if lib.all_good(input.facts.rollout.steps, powered, has_steps)

else := result if result := lib.none_of(lib.at_index(input.facts.rollout.steps, powered, power_details, steps_path, []), has_steps)

else := lib.failed(steps_path, {})

# METADATA
# title: A step should see enough requests to notice a fault
# description: The same test as rollout/underpowered-step, as advice below the tier from which it is an error.
# custom:
#   severity: warning
#   message: "The step sees {expectedRequestsCount}, its test needs {requiredRequestsCount} (for {objective})."
#   remediation: "Lengthen the step's `bake` or raise its `weight`: as it stands the step promotes on noise."
#   settings: [rollout.planFrom, rollout.powerFrom, rollout.significance, rollout.power, rollout.detectableErrorFactor, rollout.detectableLatencyFactor]
#   optional: [input.evidence.rollout.traffic.status, input.facts.rollout.gradual, input.facts.rollout.plan, input.facts.rollout.sample, input.facts.rollout.steps.full, input.facts.rollout.steps.sizedBy, input.settings.rollout.planFrom, input.settings.rollout.powerFrom]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "serving: {requestsPerSecond: 1}  # steps: [{weight: 5, bake: 30m}, {weight: 100}]"
#     good: "serving: {requestsPerSecond: 1}  # steps: [{weight: 5, bake: 12h}, {weight: 100}]"
outcome["rollout/low-power"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.planFrom in risk.beyond
}

else := lib.not_applicable("this tier must have the requests: see rollout/underpowered-step") if {
	input.settings.rollout.powerFrom in risk.reached
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(at_once) if input.facts.rollout.gradual == false

else := lib.not_applicable("no traffic is declared") if input.evidence.rollout.traffic.status == "absent"

else := lib.not_applicable(no_objective) if input.facts.rollout.sample == "no-objective"

else := lib.passed if lib.all_good(input.facts.rollout.steps, powered, has_steps)

else := result if result := lib.none_of(lib.at_index(input.facts.rollout.steps, powered, power_details, steps_path, []), has_steps)

else := lib.failed(steps_path, {})

powered contains index if {
	some index, step in input.facts.rollout.steps
	step.expectedRequestsCount >= step.requiredRequestsCount
}

powered contains index if {
	some index, step in input.facts.rollout.steps
	step.full == true
}

power_details[index] := details if {
	some index, step in input.facts.rollout.steps
	details := {
		"expectedRequestsCount": step.expectedRequestsCount,
		"requiredRequestsCount": step.requiredRequestsCount,
		"objective": step.sizedBy,
	}
}

# METADATA
# title: A release sees traffic in the shadow first
# description: Where a wrong answer does harm, a release shows what it would have answered before it answers anyone.
# custom:
#   severity: error
#   message: "The release answers users without a shadow phase of at least {minimumSeconds}."
#   remediation: "Add one: `rollout: {shadow: {percent: 100, duration: 1h}}`."
#   settings: [rollout.shadowFrom, rollout.minimumShadowSeconds]
#   optional: [input.facts.rollout.plan, input.settings.rollout.shadowFrom]
#   references: ["https://istio.io/latest/docs/tasks/traffic-management/mirroring/"]
#   example:
#     bad: "rollout: {strategy: canary, steps: [{weight: 5, bake: 1h}, {weight: 100}]}"
#     good: "rollout: {strategy: canary, shadow: {percent: 100, duration: 1h}, steps: [{weight: 5, bake: 1h}, {weight: 100}]}"
outcome["rollout/shadow-first"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.shadowFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.passed if {
	input.facts.rollout.shadow.percent > 0
	input.facts.rollout.shadow.durationSeconds >= input.settings.rollout.minimumShadowSeconds
}

else := result if result := lib.failed(["spec", "rollout", "shadow"], shadow_details)

else := lib.failed(["spec", "rollout", "shadow"], {})

shadow_details := {"minimumSeconds": input.settings.rollout.minimumShadowSeconds}

# METADATA
# title: The rollback target is named
# description: In an incident nobody should have to find out which version was the last good one. A first release has none.
# custom:
#   severity: error
#   message: No release is named to roll back to.
#   remediation: "Name the version that is in production now: `rollout: {rollback: {to: 2.3.1, automatic: true}}`."
#   settings: [rollout.rollbackFrom]
#   optional: [input.facts.rollout.plan, input.previous.status, input.settings.rollout.rollbackFrom]
#   references: ["NIST AI RMF 1.0, MANAGE 2.4: mechanisms to supersede or deactivate a system"]
#   example:
#     bad: "rollout: {strategy: canary}"
#     good: "rollout: {strategy: canary, rollback: {to: 2.3.1, automatic: true}}"
outcome["rollout/rollback-target-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.rollbackFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable("it is the first release: there is nothing to return to") if first_release

else := lib.passed if {
	is_string(input.release.spec.rollout.rollback.to)
	input.release.spec.rollout.rollback.to != ""
}

else := lib.failed(["spec", "rollout", "rollback", "to"], {})

# METADATA
# title: The rollback target is the previous release
# description: |
#   A rollback returns to what ran before. Where the version did not change, the target is the one that the previous release
#   named. A change that is itself a rollback is not asked.
# custom:
#   severity: error
#   message: "The rollback target is {target}, the previous release is {previous}."
#   remediation: "Set it to the version that is in production now: `rollback: {to: {previous}}`."
#   settings: [rollout.rollbackFrom]
#   optional: [input.change.operation, input.facts.rollout.plan, input.facts.rollout.rollback.stated, input.facts.rollout.rollback.to, input.previous.status, input.settings.rollout.rollbackFrom]
#   references: ["NIST AI RMF 1.0, MANAGE 2.4: mechanisms to supersede or deactivate a system"]
#   example:
#     bad: "version: 2.4.0  # rollback: {to: 2.2.0}, and 2.3.1 is in production"
#     good: "version: 2.4.0  # rollback: {to: 2.3.1}"
outcome["rollout/rollback-target-not-previous"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.rollbackFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable("it is the first release: there is nothing to return to") if first_release

else := lib.not_applicable("the change is itself a rollback") if input.change.operation == "rollback"

else := lib.not_applicable("no target is named: see rollout/rollback-target-missing") if targetless

else := lib.unknown(input.previous.reason) if input.previous.status == "unavailable"

else := lib.passed if {
	input.previous.release.spec.version != input.release.spec.version
	input.release.spec.rollout.rollback.to == input.previous.release.spec.version
}

else := lib.passed if {
	input.previous.release.spec.version == input.release.spec.version
	input.release.spec.rollout.rollback.to == input.previous.release.spec.rollout.rollback.to
}

else := result if result := lib.failed(["spec", "rollout", "rollback", "to"], target_details)

else := lib.failed(["spec", "rollout", "rollback", "to"], {})

target_details := {
	"target": input.release.spec.rollout.rollback.to,
	"previous": input.previous.release.spec.version,
}

# METADATA
# title: The rollback is automatic
# description: A fault that waits for a person lasts as long as it takes to wake one.
# custom:
#   severity: error
#   message: The rollback waits for a person.
#   remediation: "Let the controller do it: `rollback: {to: 2.3.1, automatic: true}`."
#   settings: [rollout.automaticRollbackFrom]
#   optional: [input.facts.rollout.plan, input.facts.rollout.rollback.stated, input.facts.rollout.rollback.to, input.settings.rollout.automaticRollbackFrom]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "rollback: {to: 2.3.1, automatic: false}"
#     good: "rollback: {to: 2.3.1, automatic: true}"
outcome["rollout/rollback-not-automatic"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.automaticRollbackFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable("no target is named: see rollout/rollback-target-missing") if targetless

else := lib.passed if input.facts.rollout.rollback.automatic == true

else := lib.failed(["spec", "rollout", "rollback", "automatic"], {})

# METADATA
# title: The rollback was practised
# description: A rollback that nobody has tried may not work, and an incident is the wrong time to find out.
# custom:
#   severity: error
#   message: "There is no report of a rollback drill: {reason}."
#   remediation: "Practise the rollback, commit its report, and name it: `rollback: {drill: {path: evidence/rollback-drill.json, digest: sha256:…}}`. The report is `{\"model\": …, \"performedAt\": …, \"durationSeconds\": …, \"outcome\": \"succeeded\"}`."
#   settings: [rollout.drillFrom]
#   optional: [input.evidence.rollout.drill.at, input.facts.rollout.plan, input.facts.rollout.rollback.stated, input.facts.rollout.rollback.to, input.previous.status, input.settings.rollout.drillFrom]
#   references: ["https://sre.google/sre-book/testing-reliability/"]
#   example:
#     bad: "rollback: {to: 2.3.1, automatic: true}"
#     good: "rollback: {to: 2.3.1, automatic: true, drill: {path: evidence/rollback-drill.json, digest: sha256:…}}"
outcome["rollout/rollback-drill-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.drillFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable("it is the first release: there is nothing to return to") if first_release

else := lib.not_applicable("no target is named: see rollout/rollback-target-missing") if targetless

else := lib.unknown(drill.reason) if drill.status == "unavailable"

else := lib.passed if drill.status == "present"

else := result if result := lib.failed_at(drill.at, {"reason": drill.reason})

else := result if result := lib.failed(drill_path, {"reason": drill.reason})

else := lib.failed(drill_path, {})

# METADATA
# title: The rollback was practised recently
# description: What worked long ago may not work any more.
# custom:
#   severity: error
#   message: "The rollback drill is {ageSeconds} old; at most {maximumSeconds} are allowed."
#   remediation: "Practise the rollback again, and commit the new report with its digest."
#   settings: [rollout.drillFrom, rollout.maximumDrillAgeSeconds]
#   optional: [input.evidence.rollout.drill.at, input.facts.rollout.plan, input.settings.rollout.drillFrom]
#   references: ["https://sre.google/sre-book/testing-reliability/"]
#   example:
#     bad: "performedAt: 2025-01-10T09:00:00Z  # in the drill's report"
#     good: "performedAt: 2026-10-30T09:00:00Z  # in the drill's report"
outcome["rollout/rollback-drill-stale"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.drillFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(no_drill) if drill.status in {"absent", "invalid"}

else := lib.unknown(drill.reason) if drill.status == "unavailable"

else := lib.passed if {
	drill.status == "present"
	input.facts.rollout.drill.ageSeconds <= input.settings.rollout.maximumDrillAgeSeconds
}

else := result if result := lib.failed_at(object.union(drill.at, {"path": ["performedAt"]}), stale_details)

else := result if result := lib.failed(drill_path, stale_details)

else := lib.failed(drill_path, {})

stale_details := {
	"ageSeconds": input.facts.rollout.drill.ageSeconds,
	"maximumSeconds": input.settings.rollout.maximumDrillAgeSeconds,
}

# METADATA
# title: The practised rollback worked, in time
# description: The drill shows whether the way back is there, and how long it takes.
# custom:
#   severity: error
#   message: "The rollback drill did not succeed in time: it took {durationSeconds}; {maximumSeconds} are allowed."
#   remediation: "Mend the rollback, practise it again, and commit the new report with its digest."
#   settings: [rollout.drillFrom, rollout.maximumRollbackSeconds]
#   optional: [input.evidence.rollout.drill.at, input.facts.rollout.plan, input.settings.rollout.drillFrom]
#   references: ["https://sre.google/sre-book/testing-reliability/"]
#   example:
#     bad: "{outcome: failed, durationSeconds: 5400}  # in the drill's report"
#     good: "{outcome: succeeded, durationSeconds: 420}  # in the drill's report"
outcome["rollout/rollback-drill-failed"] := lib.not_applicable(lib.low_tier) if {
	input.settings.rollout.drillFrom in risk.beyond
}

else := lib.not_applicable(no_plan) if planless

else := lib.not_applicable(no_drill) if drill.status in {"absent", "invalid"}

else := lib.unknown(drill.reason) if drill.status == "unavailable"

else := lib.passed if {
	drill.status == "present"
	input.facts.rollout.drill.succeeded == true
	input.facts.rollout.drill.durationSeconds <= input.settings.rollout.maximumRollbackSeconds
}

else := result if result := lib.failed_at(object.union(drill.at, {"path": ["outcome"]}), drill_details)

else := result if result := lib.failed(drill_path, drill_details)

else := lib.failed(drill_path, {})

drill_details := {
	"durationSeconds": input.facts.rollout.drill.durationSeconds,
	"maximumSeconds": input.settings.rollout.maximumRollbackSeconds,
}

no_drill := "there is no report of a drill: see rollout/rollback-drill-missing"

drill := input.evidence.rollout.drill

planless if input.facts.rollout.plan == "absent"

planless if input.facts.rollout.plan == "not-applicable"

first_release if input.previous.status == "absent"

targetless if input.facts.rollout.rollback.stated == false

targetless if input.facts.rollout.rollback.to == ""

has_steps if count(input.facts.rollout.steps) > 0
