package changegate.checks.approvals

import data.changegate.lib

# METADATA
# title: A change stays within its agreed plan
# description: |
#   A change plan that was agreed to in advance asks for fewer approvals, as long as the change is the one that was foreseen.
#   Where it is another one, the approvals of the tier are asked for, and this says what left the plan.
# custom:
#   severity: warning
#   message: "The agreed change plan does not cover this change: {field} {left}. So the approvals of the tier are asked for."
#   remediation: "Put {field} back as it was, or ask for the approvals of the tier."
#   settings: [approvals.agreedPlans, approvals.requiredWithinPlan]
#   optional: [input.facts.evaluation, input.facts.risk, input.evidence.evaluation, input.facts.approvals.plan.outside.level, input.facts.approvals.plan.outside.furthest]
#   references: ["FDA, PCCP guidance (2024), section V", "Regulation (EU) 2024/1689, Article 43(4): pre-determined changes"]
#   example:
#     bad: "serving: {replicas: 8}  # it was 4, and the plan covers spec.artifacts and spec.evaluation"
#     good: "serving: {replicas: 4}"
outcome["approvals/outside-plan"] := lib.not_applicable("no change plan is agreed to") if {
	input.settings.approvals.agreedPlans == []
}

else := lib.not_applicable("the release before has no change plan with limits") if plan.status == "absent"

else := lib.not_applicable("the change does not touch the release") if input.change.operation == "unchanged"

else := lib.not_applicable("the settings agree to no plan of this model") if {
	is_array(input.settings.approvals.agreedPlans)
	plan.status == "present"
	count({one | some one in input.settings.approvals.agreedPlans; one.model == plan.model}) == 0
}

else := lib.passed if within_plan

else := {"outcome": "failed", "violations": leaving} if count(leaving) > 0

else := lib.failed(plan_path, {"field": "changePlan", "left": "cannot be held against what changes"})

plan_path := ["spec", "changePlan"]

leaving contains lib.finding_of(one, {"field": one.field, "left": how_it_left(one)}, plan_path) if {
	agreed
	some one in plan.outside
}

leaving contains lib.finding(plan_path, {"field": "changePlan", "left": "is another one than the settings agree to"}) if {
	plan.status == "present"
	not agreed
}

leaving contains lib.finding(plan_path, {"field": "the release", "left": "is no update of the one at the base"}) if {
	agreed
	not is_update
}

leaving contains lib.finding_of(metric, {"field": metric.label, "left": "is worse than the plan allows"}, plan_path) if {
	agreed
	some index, metric in input.facts.evaluation.comparison.metrics
	not index in as_planned
}

leaving contains lib.finding(plan_path, {"field": "an evaluation metric", "left": "of the release before is missing, or cannot be compared"}) if {
	agreed
	not metrics_compared
}

leaving contains lib.finding_of(metric, {"field": metric.label, "left": added_up}, plan_path) if {
	agreed
	some index, metric in plan.since.metrics
	not index in as_planned_since
	metric.label in planned_labels
}

leaving contains lib.finding(plan_path, {"field": "an evaluation metric", "left": not_since}) if {
	agreed
	not since_compared
}

how_it_left(one) := concat("", ["changes in a way that is ", one.level, ", and the plan goes as far as ", one.furthest]) if {
	one.level
	one.furthest
} else := "changes, and the plan does not name it"

added_up := concat("", ["is worse than the plan allows, counted from ", plan.since.version, ", at which it was agreed to"])

not_since := concat(": ", ["cannot be held against the release at which the plan was agreed to", why]) if {
	why := plan.since.reason
} else := "of the release at which the plan was agreed to is missing, or cannot be compared"

# METADATA
# description: What is within the plan where it is held against the release before alone; the others are told for that.
planned_labels := {metric.label |
	some index, metric in input.facts.evaluation.comparison.metrics
	index in as_planned
}

since_compared if {
	plan.since.status == "present"
	plan.since.dropped == []
	count(plan.since.metrics) > 0
}

metrics_compared if {
	input.evidence.evaluation.comparison.status == "present"
	input.facts.evaluation.comparison.dropped == []
	count(input.facts.evaluation.comparison.metrics) > 0
}
