# METADATA
# title: Rollout
# description: How a release reaches its users, what stops it on the way, and how it comes back.
# custom:
#   subject: release
#   path: [spec, rollout]
package changegate.checks.rollout

no_plan := "there is no rollout plan: see rollout/plan-missing"

at_once := "the strategy moves all traffic in one step"

no_objective := "there is no objective of errors or latency to size a step by: see slos/error-rate-missing"

no_shares := "nothing splits the traffic, and how many pods share it is not said: see rollout/replicas-undeclared"

shares_unknown if input.facts.rollout.shares == "unknown"

shares_known if input.facts.rollout.shares in {"weights", "pods"}

steps_path := ["spec", "rollout", "steps"]

drill_path := ["spec", "rollout", "rollback", "drill"]

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

no_drill := "there is no report of a drill: see rollout/rollback-drill-missing"

drill := input.evidence.rollout.drill

planless if input.facts.rollout.plan == "absent"

planless if input.facts.rollout.plan == "not-applicable"

first_release if input.previous.status == "absent"

targetless if input.facts.rollout.rollback.stated == false

targetless if input.facts.rollout.rollback.to == ""

has_steps if count(input.facts.rollout.steps) > 0
