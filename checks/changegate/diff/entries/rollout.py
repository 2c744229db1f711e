"""How a release reaches its users: all steps in one entry, since they mean something only together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate import figures
from changegate.diff.entries.entry import at, entry
from changegate.manifest.units import seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.diff.entries.entry import BothReleases, Untold
    from changegate.names import DiffEntry


def recognise(untold: Untold, sides: BothReleases) -> Iterator[DiffEntry]:
    """Tell the steps before and after."""
    changes = untold.below("spec", "rollout", "steps")
    untold.tell(changes)
    old, new = (steps_of(at(side, "spec", "rollout", "steps")) for side in (sides.before, sides.after))
    if changes and old != new:
        yield entry("rollout-steps-changed", f"Steps: {old or 'none'} → {new or 'none'}.", changes)


def steps_of(steps: Any) -> str:
    """Steps in one line: `5 % for 30m, 25 % for 30m, 100 %`."""
    return ", ".join(_step(step) for step in steps if isinstance(step, dict)) if isinstance(steps, list) else ""


def _step(step: dict[str, Any]) -> str:
    weight, bake = step.get("weight"), step.get("bake")
    share = f"{weight:.4g} %" if isinstance(weight, int | float) and not isinstance(weight, bool) else "?"
    length = seconds(bake) if isinstance(bake, str) else None
    return share if length is None else f"{share} for {figures.duration(length)}"
