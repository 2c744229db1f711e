"""A plan as a plain table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.names import VARIANT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from changegate.rollout.model import Abort, Plan, PromotionGate, Step

_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
_POWER = {
    "sufficient": "enough",
    "insufficient": "too few",
    "unknown": "not known",
    "not-needed": "-",
}


def table(plan: Plan, target: str = "", losses: Iterable[str] = (), escape: Callable[[str], str] = str) -> str:
    """Draw a plan: its steps, what is judged, what aborts, where it returns to, what its form loses.

    Args:
        plan: The plan.
        target: The controller that it is shown for; empty where there is none.
        losses: What the rendered form cannot express.
        escape: Makes one line safe for where it is shown: it may hold any text of the manifest, line feeds too.
    """
    lines = [*_head(plan, target), *_rows(plan.steps), *_rules(plan), *_losses(losses)]
    return "\n".join(map(escape, lines)) + "\n"


def duration(seconds: int) -> str:
    """Write seconds as people do: `1h30m`."""
    parts = []
    for unit, size in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def _head(plan: Plan, target: str) -> Iterator[str]:
    carried = f" for {target}" if target else ""
    name = plan.name if plan.variant == VARIANT else f"{plan.name} ({plan.variant})"
    yield f"{name} {plan.version}: {plan.strategy}{carried}"
    if plan.shadow is not None:
        yield f"shadow: {plan.shadow.percent:g}% of the traffic mirrored for {duration(plan.shadow.duration_seconds)}"
    yield ""


def _rows(steps: Iterable[Step]) -> Iterator[str]:
    header = ("step", "weight", "share", "bake", "requests", "needed", "sample")
    rows = [header, *(_row(step) for step in steps)]
    if len(rows) == 1:
        yield "  no steps: all traffic at once"
        return
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    for row in rows:
        yield "  " + "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _row(step: Step) -> tuple[str, ...]:
    counts = (step.expected_requests, step.required_requests)
    return (
        str(step.position + 1),
        f"{step.weight_percent:g}%",
        "not known" if step.share_percent is None else f"{step.share_percent:.4g}%",
        duration(step.bake_seconds) if step.bake_seconds else "-",
        *("-" if count is None else f"{count:,}" for count in counts),
        _POWER[step.power],
    )


def _rules(plan: Plan) -> Iterator[str]:
    yield ""
    for gate in plan.gates:
        yield f"promote a step when {_gate(gate)}"
    for abort in plan.aborts:
        yield f"abort when {_abort(abort)}"
    if not plan.gates:
        yield "no objective to judge a step by"
    if plan.rollback is None:
        yield "no rollback is named"
    else:
        how = "automatically" if plan.rollback.automatic else "by a person"
        to, within = plan.rollback.to or "nothing named", duration(plan.rollback.within_seconds)
        yield f"roll back to {to} {how}, within {within}"


def _gate(gate: PromotionGate) -> str:
    if gate.kind == "latency":
        return f"{gate.name}: {gate.objective * 100:g}% of its requests take at most {gate.limit * 1000:g} ms"
    return f"{gate.name}: at most {gate.limit * 100:g}% of its requests fail"


def _abort(abort: Abort) -> str:
    short, long = (duration(seconds) for seconds in abort.windows_seconds)
    burn = f"{abort.burn_rate:g}x the budget"
    return f"{abort.name}: over {abort.limit * 100:g}% fail over {short} and over {long} ({burn})"


def _losses(losses: Iterable[str]) -> Iterator[str]:
    listed = list(losses)
    if listed:
        yield ""
        yield "not expressed in the rendered form:"
        yield from (f"  - {loss}" for loss in listed)
