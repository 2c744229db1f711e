"""A diff of releases for people and for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.diff.catalogue import LEVELS
from changegate.diff.entries import describe
from changegate.diff.operation import operation
from changegate.diff.patch import json_patch
from changegate.diff.plan import furthest, limits_of, unforeseen
from changegate.diff.semantic import semantic
from changegate.escape import json_text, prose
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from changegate.names import Change, DiffEntry, Identity

SCHEMA_VERSION = 1


class Difference(NamedTuple):
    """What one release's change comes to."""

    identity: Identity
    file: str
    """Where its manifest stands: at the head, or at the base where it is gone."""
    operation: str
    before: Mapping[str, Any] | None
    """The release before; None where there was none."""
    after: Mapping[str, Any] | None
    """The release after; None where there is none."""
    changes: tuple[Change, ...]
    """Field by field."""
    entries: tuple[DiffEntry, ...]
    """As a reviewer reads it; none for a first release and for one that is gone."""

    @property
    def versions(self) -> dict[str, str]:
        """The versions that there are, by side."""
        sides = {"before": self.before, "after": self.after}
        found = {name: str(side["spec"].get("version", "")) for name, side in sides.items() if side is not None}
        return {name: version for name, version in found.items() if version}

    @property
    def level(self) -> str:
        """The most pressing level of its entries, or empty."""
        return self.entries[0].level if self.entries else ""

    @property
    def plan(self) -> dict[str, Any] | None:
        """What the change plan of the release before says of the fields; None where there is none, or nothing to say.

        Whether somebody agreed to it, and what became of metrics and of files, only the gate knows.
        """
        limits = limits_of(self.before)
        if limits is None or self.after is None:
            return None
        outside = unforeseen(limits, self.changes, self.entries)
        told = [{"field": one.field, **({"level": one.level} if one.level else {})} for one in outside]
        return {"furthest": furthest(limits), "outside": told}


def difference(
    identity: Identity, file: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, how: str = ""
) -> Difference:
    """Compare one release with the one before it; either may be missing, not both."""
    changes = semantic(before, after)
    return Difference(
        identity, file, operation(before, after, how), before, after, changes, describe(before, after, changes)
    )


def text(differences: Iterable[Difference], problems: Iterable[str] = (), escape: Callable[[str], str] = str) -> str:
    """Draw the differences for a terminal.

    Args:
        differences: The releases, in the order to show.
        problems: What could not be compared, each a sentence: then nobody may read "no breaking changes".
        escape: Makes one line safe for where it is shown: it may hold any text of a manifest, line feeds too.
    """
    found, unread = list(differences), list(problems)
    blocks = [list(_block(entry)) for entry in found]
    if unread:
        blocks.append(["not compared:", *(f"  - {problem}" for problem in unread)])
    blocks.append([_summary(found, unread)])
    return "\n\n".join("\n".join(map(escape, block)) for block in blocks) + "\n"


def markdown(differences: Iterable[Difference], problems: Iterable[str] = ()) -> str:
    """Write the differences as Markdown, for a comment."""
    found, unread = list(differences), list(problems)
    parts = ["\n".join(_section(one)) for one in found]
    if unread:
        parts.append("\n".join(["### Not compared", "", *(f"- {prose(problem)}" for problem in unread)]))
    parts.append(prose(_summary(found, unread)))
    return "\n\n".join(parts) + "\n"


def as_json(differences: Iterable[Difference], problems: Iterable[str] = ()) -> str:
    """Write the differences as JSON, the same bytes every time; `schemas/diff.schema.json` describes it."""
    document = {
        "schemaVersion": SCHEMA_VERSION,
        "releases": [_release(one) for one in differences],
        "notCompared": list(problems),
    }
    return json_text(json.dumps(document, indent=2, ensure_ascii=True)) + "\n"


def as_json_patch(differences: Iterable[Difference], problems: Iterable[str] = ()) -> str:
    """Write for each release the JSON Patch (RFC 6902) that makes the one of the other, with the old values."""
    document = {
        "schemaVersion": SCHEMA_VERSION,
        "releases": [
            {
                "identity": one.identity._asdict(),
                "file": one.file,
                "operation": one.operation,
                "patch": json_patch(one.before, one.after),
            }
            for one in differences
        ],
        "notCompared": list(problems),
    }
    return json_text(json.dumps(document, indent=2, ensure_ascii=True)) + "\n"


def _release(one: Difference) -> dict[str, Any]:
    from changegate.diff.semantic import change_as_json

    return {
        "identity": one.identity._asdict(),
        "file": one.file,
        "operation": one.operation,
        "versions": one.versions,
        **({"level": one.level} if one.level else {}),
        **({"plan": one.plan} if one.plan is not None else {}),
        "entries": [entry.as_json() for entry in one.entries],
        "changes": [change_as_json(change) for change in one.changes],
    }


def _title(one: Difference) -> str:
    return f"{one.identity}: {one.operation} {' → '.join(one.versions.values())} ({one.file})"


def _block(one: Difference) -> Iterator[str]:
    yield _title(one)
    if not one.entries:
        yield f"  {_nothing(one)}"
        return
    widths = [max(len(cell) for cell in column) for column in zip(*map(_cells, one.entries), strict=True)]
    for entry in one.entries:
        cells = (cell.ljust(width) for cell, width in zip(_cells(entry), widths, strict=True))
        yield "  " + "  ".join([*cells, entry.text])
    if one.plan is not None:
        yield f"  {_planned(one.plan)}"


_MOST_NAMED = 5


def _planned(plan: Mapping[str, Any]) -> str:
    """Whether the fields stay within the plan of the release before."""
    outside = plan["outside"]
    if not outside:
        return f"the change plan foresees these fields, up to {plan['furthest']}"
    told = ", ".join(f"{one['field']} ({one.get('level', 'not named')})" for one in outside[:_MOST_NAMED])
    more = f", and {len(outside) - _MOST_NAMED} more" if len(outside) > _MOST_NAMED else ""
    return f"outside of the change plan, which goes up to {plan['furthest']}: {told}{more}"


def _cells(entry: DiffEntry) -> tuple[str, str]:
    return entry.level, entry.category


def _nothing(one: Difference) -> str:
    if one.before is None:
        return "the first release: there is nothing to compare it with"
    if one.after is None:
        return "the release is gone"
    return "nothing but the version changed" if one.changes else "no change of meaning"


def _section(one: Difference) -> Iterator[str]:
    yield f"### {prose(_title(one))}"
    yield ""
    if not one.entries:
        yield f"{prose(_nothing(one)).capitalize()}."
        return
    yield "| level | what | change |"
    yield "|---|---|---|"
    for entry in one.entries:
        level = f"**{entry.level}**" if entry.level == "breaking" else entry.level
        yield f"| {level} | {entry.category} | {prose(entry.text)} |"
    if one.plan is not None:
        yield ""
        yield f"{prose(_planned(one.plan)).capitalize()}."


def _summary(found: list[Difference], unread: list[str]) -> str:
    if not found and not unread:
        return "no release changed"
    counts = {level: sum(entry.level == level for one in found for entry in one.entries) for level in LEVELS}
    counts |= {"new": sum(one.before is None for one in found), "gone": sum(one.after is None for one in found)}
    nothing = "nothing is known of the rest" if unread else "no change of meaning"
    told = ", ".join(f"{count} {word}" for word, count in counts.items() if count) or nothing
    noun = "release" if len(found) == 1 else "releases"
    missing = f"; {len(unread)} could not be compared" if unread else ""
    return f"{len(found)} {noun}: {told}{missing}"
