"""What is done to a release: create, update, rename, rollback or retire."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_VERSION = re.compile(
    r"v?(\d{1,18})\.(\d{1,18})(?:\.(\d{1,18}))?(?:-([0-9A-Za-z.-]{1,100}))?(?:\+[0-9A-Za-z.-]{1,100})?", re.ASCII
)

_NUMBERS = re.compile(r"v?\d{1,18}(?:[.-]\d{1,18}){0,9}", re.ASCII)

Version = tuple[tuple[int, int, int], int, tuple[tuple[int, int, str], ...]]


def operation(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, how: str = "identity", *, ran: bool = True
) -> str:
    """Say what is done to a release.

    A rollback is a change to a lower version, or to the one that the previous release names as its rollback target, if
    that is a return to what ran before.

    Args:
        before: The previous release, or None.
        after: The release, or None where it is retired.
        how: How the previous release was found: `identity`, `history`, `tag` or `replaces`.
        ran: Whether it is known that the release ran before. Who only compares two texts takes their word for it.
    """
    if after is None:
        return "retire"
    if before is None:
        return "create"
    if how == "replaces":
        return "rename"
    return "rollback" if ran and goes_back(before, after) else "update"


def goes_back(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether the version is lower than the previous one, or the one that the previous release names to go back to."""
    old, new = (version_of(release) for release in (before, after))
    return old != new and (new == _target(before) or is_lower(new, old))


def version_of(release: Mapping[str, Any]) -> str:
    """A release's version, or empty."""
    return str(release.get("spec", {}).get("version", ""))


def is_lower(version: str, than: str) -> bool:
    """Whether a version is lower than another; not, where nothing says which is newer.

    Semantic versions are ordered as Semantic Versioning has it; numbers and dates, such as 12, 2026.10 and 2026-10-01,
    part by part.
    """
    one, other = parse_version(version), parse_version(than)
    if one is not None and other is not None:
        return one < other
    parts, others = _parts(version), _parts(than)
    return bool(parts and others) and parts < others


def has_order(version: str) -> bool:
    """Whether something says which of two such versions is newer: not, of a name or of a commit."""
    return parse_version(version) is not None or bool(_parts(version))


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version))) if _NUMBERS.fullmatch(version) else ()


def parse_version(text: str) -> Version | None:
    """Read a semantic version into something that sorts; build metadata does not count."""
    match = _VERSION.fullmatch(text)
    if match is None:
        return None
    numbers = (int(match[1]), int(match[2]), int(match[3] or 0))
    if not match[4]:
        return numbers, 1, ()
    return numbers, 0, tuple(_identifier(part) for part in match[4].split("."))


def _identifier(part: str) -> tuple[int, int, str]:
    """Numbers sort before words, and by size."""
    return (0, int(part), "") if part.isdigit() and part.isascii() else (1, 0, part)


def _target(release: Mapping[str, Any]) -> str | None:
    rollout = release.get("spec", {}).get("rollout")
    rollback = rollout.get("rollback") if isinstance(rollout, dict) else None
    target = rollback.get("to") if isinstance(rollback, dict) else None
    return target if isinstance(target, str) else None
