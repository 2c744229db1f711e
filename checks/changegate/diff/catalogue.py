"""What a difference between two releases can be, each with its category and its level: the rule ids of the diff.

The levels are those of oasdiff, and one more for what only people read. `explain diff/<id>` shows an entry.
"""

from __future__ import annotations

from changegate.errors import UsageError
from changegate.records import NamedTuple
from changegate.resources import DOCS

BREAKING, COULD_BE, COMPATIBLE, DOCUMENTATION = "breaking", "could-be-breaking", "compatible", "documentation"
LEVELS = (BREAKING, COULD_BE, COMPATIBLE, DOCUMENTATION)
"""The most pressing first."""

CATEGORIES = (
    "artifact", "data", "code", "features", "evaluation",
    "fairness", "serving", "rollout", "governance", "documentation",
)  # fmt: skip


class DiffRule(NamedTuple):
    """One kind of difference."""

    category: str
    """One of `CATEGORIES`."""
    level: str
    """One of `LEVELS`."""
    why: str
    """Why it has that level, for whoever asks."""


_VALUES = "Values that a caller relied on are no longer what they were."
_PROMISE = "A promise to callers is kept as it was, or better."
_LOOSER = "Somebody may rely on the promise that is now weaker or gone."
_PROCESS = "How the release comes about or is run changed, not what its callers see."
_JUDGE = "Callers see it only by what the model answers: whether it is better is for the evaluation to say."
_PEOPLE = "People read it; nothing that runs does."

RULES: dict[str, DiffRule] = {
    "artifact-added": DiffRule("artifact", COULD_BE, _JUDGE),
    "artifact-removed": DiffRule("artifact", BREAKING, "What serves the model may load it."),
    "artifact-replaced": DiffRule("artifact", COULD_BE, _JUDGE),
    "artifact-renamed": DiffRule("artifact", COMPATIBLE, "The content is the same, by its digest."),
    "artifact-moved": DiffRule("artifact", COMPATIBLE, "The content is the same, by its digest."),
    "artifact-format-changed": DiffRule("artifact", COULD_BE, "What loads the artifact has to know the new format."),
    "artifact-changed": DiffRule("artifact", COULD_BE, _JUDGE),
    "artifact-licence-changed": DiffRule("governance", COULD_BE, "What may be done with the model may have changed."),
    "hosted-model-changed": DiffRule("artifact", COULD_BE, _JUDGE),
    "dependency-added": DiffRule("artifact", COULD_BE, _JUDGE),
    "dependency-removed": DiffRule("artifact", COULD_BE, _JUDGE),
    "dependency-changed": DiffRule("artifact", COULD_BE, _JUDGE),
    "training-data-added": DiffRule("data", COMPATIBLE, _PROCESS),
    "training-data-removed": DiffRule("data", COMPATIBLE, _PROCESS),
    "training-data-changed": DiffRule("data", COMPATIBLE, _PROCESS),
    "source-changed": DiffRule("code", COMPATIBLE, _PROCESS),
    "training-run-changed": DiffRule("code", COMPATIBLE, _PROCESS),
    "training-environment-changed": DiffRule("code", COMPATIBLE, _PROCESS),
    "attestation-changed": DiffRule("code", COMPATIBLE, _PROCESS),
    "attestation-removed": DiffRule("code", COULD_BE, "Somebody may rely on where the artifact is known to come from."),
    "provenance-changed": DiffRule("code", COMPATIBLE, _PROCESS),
    "input-added": DiffRule("features", BREAKING, "Callers do not send it, and it may not be missing."),
    "input-added-optional": DiffRule("features", COMPATIBLE, "Callers need not send it."),
    "input-removed": DiffRule("features", BREAKING, "Callers that send it are refused, or sent it for a reason."),
    "input-renamed": DiffRule("features", BREAKING, "Callers send it by its old name."),
    "input-type-changed": DiffRule("features", BREAKING, "What callers send no longer fits."),
    "input-type-may-lose-precision": DiffRule("features", COULD_BE, "Large whole numbers have no exact form in it."),
    "input-type-widened": DiffRule("features", COMPATIBLE, "All that callers send still fits."),
    "input-takes-nulls": DiffRule("features", COMPATIBLE, "All that callers send still fits."),
    "input-refuses-nulls": DiffRule("features", BREAKING, "Callers that send nulls are refused."),
    "input-range-narrowed": DiffRule("features", BREAKING, "What callers send may lie outside."),
    "input-range-widened": DiffRule("features", COMPATIBLE, "All that callers send still fits."),
    "input-values-removed": DiffRule("features", BREAKING, "Callers may send a value that is no longer known."),
    "input-values-added": DiffRule("features", COMPATIBLE, "All that callers send still fits."),
    "output-added": DiffRule("features", COMPATIBLE, "Callers that do not know it do not read it."),
    "output-removed": DiffRule("features", BREAKING, "Callers read it."),
    "output-renamed": DiffRule("features", BREAKING, "Callers read it by its old name."),
    "output-type-changed": DiffRule("features", BREAKING, _VALUES),
    "output-type-may-not-fit": DiffRule("features", COULD_BE, "A caller's own type may be too narrow for it."),
    "output-may-be-null": DiffRule("features", BREAKING, "Callers do not expect nulls."),
    "output-never-null": DiffRule("features", COMPATIBLE, _PROMISE),
    "output-range-widened": DiffRule("features", BREAKING, "Values beyond the old range surprise their readers."),
    "output-range-narrowed": DiffRule("features", COULD_BE, "Fewer values may be another scale."),
    "output-values-added": DiffRule("features", BREAKING, "Callers do not know what to do with the new value."),
    "output-values-removed": DiffRule("features", COMPATIBLE, "Callers know all that is left."),
    "unit-changed": DiffRule("features", BREAKING, "Every value means something else."),
    "unit-stated": DiffRule("features", COULD_BE, "A unit that nobody had stated may not be the one that callers use."),
    "contract-added": DiffRule("features", COULD_BE, "What the model reads is bound to another agreement."),
    "contract-removed": DiffRule("features", COULD_BE, "Nothing says any more what the model may expect of its data."),
    "contract-changed": DiffRule("features", COULD_BE, "What the model reads is bound to another agreement."),
    "feature-changed": DiffRule("features", COULD_BE, "What callers send or read may not fit."),
    "metric-better": DiffRule("evaluation", COMPATIBLE, _PROMISE),
    "metric-worse": DiffRule("evaluation", COULD_BE, "Callers get worse answers than before."),
    "metric-dropped": DiffRule("evaluation", COULD_BE, "Nobody can tell any more whether it got worse."),
    "latency-better": DiffRule("evaluation", COMPATIBLE, _PROMISE),
    "latency-worse": DiffRule("evaluation", COULD_BE, "Callers wait longer than before."),
    "evaluation-report-replaced": DiffRule("evaluation", COMPATIBLE, "What it says is told metric by metric."),
    "evaluation-report-removed": DiffRule("evaluation", COULD_BE, "Nobody can tell any more whether it got worse."),
    "evaluation-changed": DiffRule("evaluation", COMPATIBLE, _PROCESS),
    "safety-report-replaced": DiffRule("evaluation", COMPATIBLE, _PROCESS),
    "safety-report-removed": DiffRule("evaluation", COULD_BE, "Nobody can tell any more whether it is safe."),
    "guardrail-added": DiffRule("evaluation", COMPATIBLE, _PROMISE),
    "guardrail-removed": DiffRule("evaluation", COULD_BE, "What it kept from callers may reach them."),
    "fairness-report-replaced": DiffRule("fairness", COMPATIBLE, "What it says is told by attribute."),
    "fairness-report-removed": DiffRule("fairness", COULD_BE, "Nobody can tell any more whom the model disadvantages."),
    "fairness-changed": DiffRule("fairness", COULD_BE, "Nobody can tell any more whom the model disadvantages."),
    "protected-attribute-added": DiffRule("fairness", COMPATIBLE, _PROMISE),
    "protected-attribute-removed": DiffRule("fairness", COULD_BE, "Groups that were looked at no longer are."),
    "endpoint-changed": DiffRule("serving", BREAKING, "Callers call the old one."),
    "platform-changed": DiffRule("serving", BREAKING, "Where and how it answers is another system."),
    "image-changed": DiffRule("serving", COULD_BE, "What runs the model is another program."),
    "resources-raised": DiffRule("serving", COMPATIBLE, _PROMISE),
    "resources-lowered": DiffRule("serving", COULD_BE, "It may no longer carry the traffic that it carried."),
    "traffic-changed": DiffRule("serving", COMPATIBLE, "It says what callers do, not what they get."),
    "cold-start-better": DiffRule("serving", COMPATIBLE, _PROMISE),
    "cold-start-worse": DiffRule("serving", COULD_BE, "The first callers wait longer."),
    "deployment-changed": DiffRule("serving", COULD_BE, "What the cluster applies is something else."),
    "serving-changed": DiffRule("serving", COULD_BE, "Where and how it answers may be something else."),
    "objective-added": DiffRule("serving", COMPATIBLE, _PROMISE),
    "objective-removed": DiffRule("serving", COULD_BE, _LOOSER),
    "objective-tightened": DiffRule("serving", COMPATIBLE, _PROMISE),
    "objective-loosened": DiffRule("serving", COULD_BE, _LOOSER),
    "objective-changed": DiffRule("serving", COULD_BE, _LOOSER),
    "cost-raised": DiffRule("serving", COMPATIBLE, "Whoever pays sees it, callers do not."),
    "cost-lowered": DiffRule("serving", COMPATIBLE, "Whoever pays sees it, callers do not."),
    "rollout-steps-changed": DiffRule("rollout", COMPATIBLE, _PROCESS),
    "rollback-target-changed": DiffRule("rollout", COMPATIBLE, _PROCESS),
    "rollback-not-automatic": DiffRule("rollout", COULD_BE, "A bad release stays longer before their callers."),
    "drill-changed": DiffRule("rollout", COMPATIBLE, _PROCESS),
    "rollout-changed": DiffRule("rollout", COMPATIBLE, _PROCESS),
    "task-changed": DiffRule("governance", BREAKING, "The model answers another question."),
    "intended-use-changed": DiffRule("governance", COULD_BE, "It may be used for what nobody assessed."),
    "owner-changed": DiffRule("governance", COMPATIBLE, "Other people answer for it; callers see the same."),
    "risk-raised": DiffRule("governance", COMPATIBLE, "More process, not less."),
    "risk-lowered": DiffRule("governance", COULD_BE, "Less process than the callers were promised."),
    "risk-changed": DiffRule("governance", COULD_BE, "Less process than the callers were promised."),
    "renamed": DiffRule("governance", COULD_BE, "Whoever names the model has to name it anew."),
    "change-plan-changed": DiffRule("governance", COULD_BE, "Other things may change later with less process."),
    "operations-changed": DiffRule("governance", COMPATIBLE, _PROCESS),
    "operations-weakened": DiffRule("governance", COULD_BE, "Less is seen of what happens, or more is kept of whom."),
    "block-not-applicable": DiffRule("governance", COULD_BE, "What was held to be so is no longer looked at."),
    "block-removed": DiffRule("governance", COULD_BE, "What was stated is no longer stated."),
    "block-added": DiffRule("governance", COMPATIBLE, "More is stated than before."),
    "files-moved": DiffRule("documentation", COMPATIBLE, "What has a digest has the same content."),
    "labels-changed": DiffRule("documentation", COMPATIBLE, "Callers do not see them; policies may read them."),
    "model-card-changed": DiffRule("documentation", DOCUMENTATION, _PEOPLE),
    "runbook-changed": DiffRule("documentation", DOCUMENTATION, _PEOPLE),
    "dashboard-changed": DiffRule("documentation", DOCUMENTATION, _PEOPLE),
    "field-changed": DiffRule("governance", COULD_BE, "Nobody can say of a field without a row that it is harmless."),
}
"""Id without its prefix `diff/` -> what it is."""

PREFIX = "diff/"


def explain_difference(rule: str) -> str:
    """Say what an entry's rule means, and what its level asks for.

    Args:
        rule: Its id, with the prefix.

    Raises:
        UsageError: The diff has no such rule.
    """
    known = RULES.get(rule.removeprefix(PREFIX))
    if known is None:
        from difflib import get_close_matches

        near = get_close_matches(rule.removeprefix(PREFIX), RULES, 1)
        hint = f"did you mean {PREFIX}{near[0]}?" if near else f"{DOCS}/diff.md lists them"
        raise UsageError(f"the diff has no rule {rule}", hint=hint)
    level = f"{known.level}: {MEANINGS[known.level]}"
    return f"{rule}\n  category  {known.category}\n  level     {level}\n  why       {known.why}\n"


MEANINGS = {
    BREAKING: "somebody who calls the model has to change something",
    COULD_BE: "somebody may have to; a reviewer decides",
    COMPATIBLE: "nobody has to",
    DOCUMENTATION: "only people read it",
}
"""Level -> what it says, for people."""
