# METADATA
# title: Evaluation
# description: How good a release is, shown by reports that were made on exactly this artifact.
# custom:
#   subject: release
#   path: [spec, evaluation]
package changegate.checks.evaluation

import data.changegate.lib
import data.changegate.risk

no_report := "there is no evaluation report to read: see evaluation/missing and evaluation/invalid-evidence"

block_path := ["spec", "evaluation"]

task_limits := input.settings.evaluation.taskLimits[input.facts.evaluation.task]

model_limits := object.get(input.settings.evaluation.modelLimits, input.facts.evaluation.model, {})

has_metrics if {
	readable(input.settings.evaluation.requiredFrom)
	count(input.facts.evaluation.metrics) > 0
}

# METADATA
# description: |
#   Why a rule on what the reports say is not asked, or cannot tell: the tier is below `from`, there is no report, or one
#   cannot be had from here. Otherwise undefined, and the rule goes on.
unread(from) := lib.not_applicable(lib.low_tier) if {
	from in risk.beyond
} else := lib.not_applicable(no_report) if {
	input.evidence.evaluation.status in {"absent", "invalid"}
} else := lib.unknown(input.evidence.evaluation.reason) if {
	input.evidence.evaluation.status == "unavailable"
}

# METADATA
# description: Whether there is a report to judge, and the tier from which it is judged is one that exists.
readable(from) if {
	from in lib.tiers
	input.evidence.evaluation.status == "present"
	count(input.facts.evaluation.reports) > 0
}
