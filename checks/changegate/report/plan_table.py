"""The rollout plan of a release as rows for a report; a part that is missing is left blank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate import figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Row = tuple[str, str, str, str, str]
"""Step, traffic, bake, analysis, minimum sample."""

_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
_POWER = {"insufficient": "too little traffic", "unknown": "traffic not declared"}


def rollout_rows(
    plan: Mapping[str, Any] | None, rendering: Mapping[str, Any] | None = None
) -> tuple[list[Row], list[str]]:
    """Make the rows of a plan's steps, and the sentences about the plan as a whole.

    Args:
        plan: The neutral plan, as `schemas/plan.schema.json` describes it, or None.
        rendering: What its controller makes of it, as `schemas/rendering.schema.json` describes it, or None.

    Returns:
        No row where there is no plan; one row that says so where all traffic moves at once. Nothing is escaped.
    """
    if not plan:
        return [], []
    steps = [_row(step, plan) for step in _items(plan, "steps")]
    return steps or [("1", "100%", "", "", "")], list(_sentences(plan, rendering or {}))


def _items(plan: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = plan.get(key)
    return [item for item in found if hasattr(item, "get")] if isinstance(found, (list, tuple)) else []


def _row(step: Mapping[str, Any], plan: Mapping[str, Any]) -> Row:
    position = step.get("position")
    judged = [str(gate.get("name", "")) for gate in _items(plan, "analysis") if gate.get("step") == position]
    number = str(position + 1) if isinstance(position, int) else ""
    return number, _traffic(step), duration(step.get("bakeSeconds")), ", ".join(judged), _sample(step)


def _traffic(step: Mapping[str, Any]) -> str:
    """The weight that is asked for, and the share that it comes to where that is another."""
    weight, share = _percent(step.get("weightPercent")), _percent(step.get("sharePercent"))
    if not share:
        return f"{weight} (what it comes to is not known)" if weight else ""
    return share if share == weight or not weight else f"{weight} (comes to {share})"


def _sample(step: Mapping[str, Any]) -> str:
    required = step.get("requiredRequestsCount")
    if not isinstance(required, int):
        return ""
    expected = step.get("expectedRequestsCount")
    of = f", {expected:,} expected" if isinstance(expected, int) else ""
    verdict = _POWER.get(str(step.get("power")), "")
    return f"{required:,} requests{of}" + (f": {verdict}" if verdict else "")


def _sentences(plan: Mapping[str, Any], rendering: Mapping[str, Any]) -> Iterator[str]:
    target = f" by {rendering['target']}" if rendering.get("target") else ""
    yield f"Strategy: {plan.get('strategy', 'not stated')}{target}."
    shadow: Any = plan.get("shadow")
    if hasattr(shadow, "get"):
        percent, lasting = _percent(shadow.get("percent")), duration(shadow.get("durationSeconds"))
        yield f"Before that, {percent or 'some'} of the traffic is mirrored for {lasting or 'a time not stated'}."
    yield _rollback(plan.get("rollback"))
    for loss in rendering.get("losses") or ():
        yield f"Not expressed for the target: {loss}"


def _rollback(rollback: Any) -> str:
    if not hasattr(rollback, "get"):
        return "No rollback is named."
    how = "automatically" if rollback.get("automatic") is True else "by a person"
    return f"Rolls back to {rollback.get('to') or 'a version that is not named'}, {how}."


def _percent(given: Any) -> str:
    return figures.percent(given) if isinstance(given, (int, float)) and not isinstance(given, bool) else ""


def duration(seconds: Any) -> str:
    """Write whole seconds as people do, `1h30m`; empty for nothing and for what is no number."""
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds <= 0:
        return ""
    parts = []
    for unit, size in _UNITS:
        count, seconds = divmod(seconds, size)
        parts.append(f"{count}{unit}" * (count > 0))
    return "".join(parts)
