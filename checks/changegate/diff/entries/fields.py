"""Single fields: a table of what each means, and the last word on what no table knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.diff.entries.entry import entry, from_to, shown
from changegate.diff.entries.quantities import is_same, risen, value_of
from changegate.diff.keys import KEYS
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.diff.entries.entry import BothReleases, Untold
    from changegate.names import Change, DiffEntry, KeyPath


class Field(NamedTuple):
    """What a change of one field is."""

    label: str
    """What people call it; `{}` is the name of the list's item that it belongs to."""
    rule: str
    """Its id where it changed, in whatever direction if no other is named."""
    up: str = ""
    """Its id where the value is a larger one."""
    down: str = ""
    """Its id where the value is a smaller one."""
    added: str = ""
    removed: str = ""
    kind: str = ""
    """What kind of quantity it is; empty for what is none."""


_ORDERS = {
    "tier": ("low", "medium", "high", "critical"),
    "exposure": ("research", "internal", "production"),
    "revenueBand": ("none", "under-1pct", "over-1pct"),
}


def _risk(label: str) -> Field:
    return Field(label, "risk-changed", up="risk-raised", down="risk-lowered")


_RESOURCE = Field("", "serving-changed", up="resources-raised", down="resources-lowered")
_OBJECTIVE = Field("Objective `{}`", "objective-changed", added="objective-added", removed="objective-removed")
_OPERATIONS = Field("", "operations-changed", added="operations-changed", removed="operations-weakened")

FIELDS: dict[tuple[str, ...], Field] = {
    ("metadata", "owner"): Field("Owner", "owner-changed"),
    ("metadata", "name"): Field("Name", "renamed"),
    ("metadata", "labels", "*"): Field("Label `{}`", "labels-changed"),
    ("metadata", "annotations", "*"): Field("Annotation `{}`", "labels-changed"),
    ("metadata", "labels"): Field("The block `labels`", "labels-changed"),
    ("metadata", "annotations"): Field("The block `annotations`", "labels-changed"),
    ("metadata", "replaces"): Field("Replaces", "renamed"),
    ("spec", "task"): Field("Task", "task-changed"),
    ("spec", "intendedUse"): Field("Intended use", "intended-use-changed"),
    **{
        ("spec", "risk", field): _risk(label)
        for field, label in {
            "tier": "Tier",
            "exposure": "Exposure",
            "revenueBand": "Revenue band",
            "affectsUsers": "Affects users",
            "regulated": "Regulated",
            "safetyCritical": "Safety-critical",
            "personalData": "Personal data",
        }.items()
    },
    ("spec", "risk"): Field("Risk", "risk-changed"),
    ("spec", "dependsOn", "*"): Field(
        "Dependency `{}`", "dependency-changed", added="dependency-added", removed="dependency-removed"
    ),
    ("spec", "provenance", "source"): Field("Source", "source-changed"),
    ("spec", "provenance", "trainingRun"): Field("Training run", "training-run-changed"),
    ("spec", "provenance", "trainingData", "*"): Field(
        "Training data `{}`", "training-data-changed", added="training-data-added", removed="training-data-removed"
    ),
    ("spec", "provenance", "environment"): Field("Training environment", "training-environment-changed"),
    ("spec", "provenance", "signature"): Field("Signature", "attestation-changed", removed="attestation-removed"),
    ("spec", "provenance", "attestations", "*"): Field(
        "Attestation `{}`", "attestation-changed", removed="attestation-removed"
    ),
    ("spec", "provenance"): Field("Provenance", "provenance-changed"),
    ("spec", "evaluation"): Field("Evaluation", "evaluation-changed"),
    ("spec", "safety", "guardrails", "*"): Field(
        "Guardrail `{}`", "evaluation-changed", added="guardrail-added", removed="guardrail-removed"
    ),
    ("spec", "safety"): Field("Safety", "evaluation-changed"),
    ("spec", "fairness"): Field("Fairness", "fairness-changed"),
    ("spec", "serving", "endpoint"): Field("Endpoint", "endpoint-changed"),
    ("spec", "serving", "platform"): Field("Platform", "platform-changed"),
    ("spec", "serving", "image"): Field("Serving image", "image-changed"),
    ("spec", "serving", "resources", "cpu"): _RESOURCE._replace(label="CPU", kind="cores"),
    ("spec", "serving", "resources", "memory"): _RESOURCE._replace(label="Memory", kind="memory"),
    ("spec", "serving", "resources", "gpu"): _RESOURCE._replace(label="GPUs", kind="count"),
    ("spec", "serving", "resources", "gpuMemory"): _RESOURCE._replace(label="GPU memory", kind="memory"),
    ("spec", "serving", "resources", "kvCache"): _RESOURCE._replace(label="Cache of keys and values", kind="memory"),
    ("spec", "serving", "replicas"): _RESOURCE._replace(label="Replicas", kind="count"),
    ("spec", "serving", "provisionedConcurrency"): _RESOURCE._replace(label="Provisioned concurrency", kind="count"),
    ("spec", "serving", "requestsPerSecond"): Field("Requests per second", "traffic-changed", kind="count"),
    ("spec", "serving", "packageBytes"): Field("Package", "serving-changed", kind="bytes"),
    ("spec", "serving", "coldStartMs"): Field(
        "Cold start", "serving-changed", up="cold-start-worse", down="cold-start-better", kind="ms"
    ),
    ("spec", "serving", "deploys", "*"): Field("Deployment `{}`", "deployment-changed"),
    ("spec", "serving"): Field("Serving", "serving-changed"),
    ("spec", "slos", "*"): _OBJECTIVE,
    ("spec", "slos", "*", "thresholdMs"): _OBJECTIVE._replace(
        label="Objective `{}`, limit", up="objective-loosened", down="objective-tightened", kind="ms"
    ),
    ("spec", "slos", "*", "objective"): _OBJECTIVE._replace(
        label="Objective `{}`, share", up="objective-tightened", down="objective-loosened", kind="share"
    ),
    ("spec", "slos", "*", "window"): _OBJECTIVE._replace(label="Objective `{}`, window", kind="duration"),
    ("spec", "cost", "perThousandInferences"): Field(
        "Cost per thousand inferences", "cost-raised", up="cost-raised", down="cost-lowered", kind="money"
    ),
    ("spec", "cost", "weeklyBudget"): Field(
        "Weekly budget", "cost-raised", up="cost-raised", down="cost-lowered", kind="money"
    ),
    ("spec", "cost"): Field("Cost", "cost-raised"),
    ("spec", "rollout", "rollback", "to"): Field("Rolls back to", "rollback-target-changed"),
    ("spec", "rollout", "rollback", "automatic"): Field(
        "Rolls back by itself", "rollout-changed", down="rollback-not-automatic", removed="rollback-not-automatic"
    ),
    ("spec", "rollout", "rollback", "drill"): Field("Rollback drill", "drill-changed"),
    ("spec", "rollout"): Field("Rollout", "rollout-changed"),
    ("spec", "changePlan"): Field("Change plan", "change-plan-changed"),
    ("spec", "operations", "runbook"): Field("Runbook", "runbook-changed"),
    ("spec", "operations", "dashboard"): Field("Dashboard", "dashboard-changed"),
    ("spec", "operations", "telemetry"): _OPERATIONS._replace(label="Telemetry", down="operations-weakened"),
    ("spec", "operations", "logging", "redactPii"): _OPERATIONS._replace(
        label="Redaction of personal data", down="operations-weakened"
    ),
    ("spec", "operations", "logging", "retentionDays"): _OPERATIONS._replace(
        label="Logs kept, days", up="operations-weakened", kind="count"
    ),
    ("spec", "operations"): _OPERATIONS._replace(label="Operations"),
    ("spec", "modelCard"): Field("Model card", "model-card-changed"),
}
"""Where a change stands -> what it is; `*` is an item's name. The longest path that fits."""

_NAMED = {*KEYS, ("metadata", "labels"), ("metadata", "annotations")}
"""Below these a key is an item's name."""
_HEADLINE = {("spec", "version"), ("apiVersion",), ("kind",)}
"""What is told above the entries."""


def recognise(untold: Untold, sides: BothReleases) -> Iterator[DiffEntry]:
    """Tell all that is left, one entry for each change, and one for a block of several fields that has one meaning."""
    del sides
    untold.take(lambda change: change.path in _HEADLINE)
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in untold.all():
        untold.tell([change])
        field, name, rest = _field_of(change)
        if field is None or field.kind or change.op != "changed":
            yield from _of_one(change, field, name, rest)
        else:
            groups.setdefault((field.label.format(name), _rule(field, change, rest)), []).append(change)
    for (label, rule), changes in groups.items():
        yield entry(rule, f"{label}: {'; '.join(map(_told, changes))}.", changes)


def _field_of(change: Change) -> tuple[Field | None, str, KeyPath]:
    """The row that fits, the name of the item in it, and what the path says below the row."""
    path = change.path
    named = next((at for at in range(1, len(path)) if path[:at] in _NAMED), len(path))
    starred = tuple("*" if at == named else str(key) for at, key in enumerate(path))
    name = shown(str(path[named])) if named < len(path) else ""
    for length in range(len(path), 0, -1):
        if starred[:length] in FIELDS:
            return FIELDS[starred[:length]], name, path[length:]
    return None, "", ()


def _of_one(change: Change, field: Field | None, name: str, rest: KeyPath) -> Iterator[DiffEntry]:
    if field is None:
        path = ".".join(map(str, change.path))
        yield entry("field-changed", f"`{shown(path)}`: {from_to(change.before, change.after)}.", [change])
        return
    if field.kind and is_same(field.kind, change.before, change.after):
        return
    label = field.label.format(name)
    value = change.before if change.after is None else change.after
    if change.op == "changed" or rest or not (name or isinstance(value, dict)):
        yield entry(_rule(field, change, rest), f"{_with(label, rest)}: {_values(field, change)}.", [change])
        return
    verb = (
        f"is new{_described(change.after)}"
        if change.op == "added"
        else f"is no longer there{_described(change.before)}"
    )
    yield entry(_rule(field, change, rest), f"{label} {verb}.", [change])


def _described(value: Any) -> str:
    """What an item is, beside the name that it has already been called by."""
    told = {key: part for key, part in value.items() if key != "name"} if isinstance(value, dict) else {}
    return f": {shown(told)}" if told else ""


def _with(label: str, rest: KeyPath) -> str:
    return f"{label}, `{shown('.'.join(map(str, rest)))}`" if rest else label


def _values(field: Field, change: Change) -> str:
    old, new = (value_of(field.kind, side) if field.kind else None for side in (change.before, change.after))
    return from_to(change.before, change.after) if old is None or new is None else risen(field.kind, old, new)


def _told(change: Change) -> str:
    """A change in a list of several of one row: with its own field, where the row is of a whole block."""
    _, _, rest = _field_of(change)
    named = f"`{shown('.'.join(map(str, rest)))}` " if rest else ""
    return named + from_to(change.before, change.after)


def _rule(field: Field, change: Change, rest: KeyPath) -> str:
    """By what was done, then by the direction, then the row's own."""
    if change.op == "added" and not rest and field.added:
        return field.added
    if change.op == "removed" and field.removed:
        return field.removed
    turn = _turn(field, change)
    return (field.up if turn > 0 else field.down if turn < 0 else "") or field.rule


def _turn(field: Field, change: Change) -> int:
    """1 where the value is a larger one than before, -1 where it is a smaller one, 0 where nobody can tell."""
    old, new = (_rank(field, change, side) for side in (change.before, change.after))
    if old is None or new is None:
        return 0
    return (new > old) - (new < old)


def _rank(field: Field, change: Change, value: object) -> float | None:
    if field.kind:
        return value_of(field.kind, value)
    if isinstance(change.before, bool) or isinstance(change.after, bool):
        return float(value is True)
    order = _ORDERS.get(str(change.path[-1]))
    return float(order.index(value)) if order and value in order else None
