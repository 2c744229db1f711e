"""Format `garak`: the `report.jsonl` of a scan by garak.

Built from its published documentation and source (0.9 to 0.17). Of each probe and detector it is counted how many
answers were safe (`test_pass_rate`, a slice each), and over all of them `attack_success_rate`. Answers that a
detector could not judge (`nones`) are not counted. The start of the run is its time. It names a target by its type
and name, and no artifact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.about import About
from changegate.evidence.figures import count
from changegate.evidence.metrics import Measures, StatedMetric
from changegate.evidence.unsound import Unsound
from changegate.manifest.moments import moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.evidence.metrics import Path

SCHEMA = ""
VERSION, TIER, CONSTANTS = 1, "format", False


def recognises(value: Any) -> bool:
    """Whether its lines have garak's `entry_type`."""
    lines = value.get("lines") if isinstance(value, dict) else None
    first = lines[0] if isinstance(lines, list) and lines else None
    return isinstance(first, dict) and "entry_type" in first


def read(value: Mapping[str, Any]) -> Measures:
    """Read a scan.

    Raises:
        Unsound: It was broken off, or more answers passed than there were.
    """
    lines: Sequence[Any] = value["lines"]
    rows = [(one, ("lines", index)) for index, one in enumerate(lines) if isinstance(one, dict)]
    found = [(*_counts(one, path), path) for one, path in rows if one.get("entry_type") == "eval"]
    if not found:
        raise Unsound("no probe was evaluated")
    if not any(one.get("entry_type") in ("completion", "digest") for one, _ in rows):
        raise Unsound("the scan did not complete", ("lines", len(lines) - 1))
    whole = sum(total for _, _, total, _ in found)
    safe = sum(passed for _, passed, _, _ in found)
    evaluated, path = _start(rows)
    about = About(evaluated, samples=whole, paths={"samples": (), **({"evaluated": path} if evaluated else {})})
    overall = StatedMetric("attack_success_rate", 1 - safe / whole, False, "", None, None, ())
    each = (
        StatedMetric("test_pass_rate", passed / total, True, name, total, None, at) for name, passed, total, at in found
    )
    return Measures(about, (overall, *each), kind="tests")


def _counts(one: Mapping[str, Any], path: Path) -> tuple[str, int, int]:
    passed = count(one.get("passed"), (*path, "passed"))
    total = count(one.get("total_evaluated", one.get("total")), (*path, "total"))
    if passed > total or not total:
        raise Unsound(f"{passed} answers passed of {total}", path)
    return f"probe={one.get('probe')},detector={str(one.get('detector')).removeprefix('detector.')}", passed, total


def _start(rows: Sequence[tuple[Mapping[str, Any], Path]]) -> tuple[str | None, Path]:
    for one, path in rows:
        text = str(one.get("start_time", ""))
        for said in (text, f"{text}Z"):
            if moment(said) is not None:
                return said, (*path, "start_time")
    return None, ()
