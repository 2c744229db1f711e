"""The step that a version makes, beside the level of what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.diff.impact import BREAKING, COMPATIBLE, COULD_BE
from changegate.diff.operation import parse_version, version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from changegate.names import Change

STEPS = ("major", "minor", "patch")
_LEVELS = (BREAKING, COULD_BE, COMPATIBLE)


def version_step(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], changes: Iterable[Change]
) -> dict[str, Any]:
    """Say which step the version made, and for which changes: `input.change.step`.

    Args:
        before: The previous release, or None.
        after: The release.
        changes: Their semantic diff.

    Returns:
        `{status: compared, level, made, next: {major, minor, patch}}`, or `{status: not-compared, reason}`. Before
        1.0.0 a minor version counts as a major one, and a patch as a minor one (Semantic Versioning 2.0.0, 4).
    """
    if before is None:
        return _not_compared("there is no previous release to compare with")
    old, new = parse_version(version_of(before)), parse_version(version_of(after))
    if old is None or new is None:
        return _not_compared("its version, or the previous one, is not a semantic version")
    if new <= old:
        return _not_compared("the version did not rise")
    levels = {change.impact for change in changes if change.path != ("spec", "version")}
    level = next((level for level in _LEVELS if level in levels), "")
    if not level:
        return _not_compared("nothing but the version changed")
    return {"status": "compared", "level": level, "made": _made(old[0], new[0]), "next": _next(old[0])}


def _not_compared(reason: str) -> dict[str, Any]:
    return {"status": "not-compared", "reason": reason}


def _made(old: tuple[int, int, int], new: tuple[int, int, int]) -> str:
    """The first number that differs, as a step; where none does, a pre-release became another one."""
    first = next((at for at in range(3) if old[at] != new[at]), 2)
    return STEPS[max(0, first - 1) if old[0] == new[0] == 0 else first]


def _next(old: tuple[int, int, int]) -> dict[str, str]:
    major, minor, patch = old
    if major == 0:
        return {"major": f"0.{minor + 1}.0", "minor": f"0.{minor}.{patch + 1}", "patch": f"0.{minor}.{patch + 1}"}
    return {"major": f"{major + 1}.0.0", "minor": f"{major}.{minor + 1}.0", "patch": f"{major}.{minor}.{patch + 1}"}
