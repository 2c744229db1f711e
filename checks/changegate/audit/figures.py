"""What an audit came to: a table for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import statistics
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from changegate.approvals.merges import MergeWay
from changegate.audit.audit import by_model, by_month
from changegate.escape import terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from changegate.audit.audit import Audit, AuditedChange, Deployment, Tally

_MOST_SHOWN = 40
_SAID = {
    "no-record": "no record names its tree",
    "other-tree": "another tree was judged",
    "past-the-gate": "the gate was not open",
    "not-signed": "no key that was given has signed its record",
    "advice": "it was judged on a laptop alone",
    "other-base": "it was judged by the rules of a commit that this branch never had",
}


def as_table(found: Audit, escape: Callable[[str], str]) -> str:
    """Say it in words and tables.

    Args:
        found: What it came to.
        escape: Makes a text harmless for where it is printed.
    """
    lines = [
        *_findings(found), *_merges(found), *_waivers(found), *_broken(found),
        *_tallies("by model", by_model(found)), *_tallies("by month", by_month(found)), *_deployments(found),
        *(f"note: {one}" for one in found.notes), _summary(found),
    ]  # fmt: skip
    return "".join(f"{escape(line)}\n" for line in lines)


def _findings(found: Audit) -> list[str]:
    lines = [
        f"{one.landed.commit[:12]} {_day(one.landed.at)} {', '.join(_models(one))}: {_SAID[one.covered]}{_how(one)}"
        for one in found.findings
        if not one.is_recorded
    ]
    return _cut(lines)


_CAME = {
    "direct-push": "it was pushed, and merged through no request",
    "status-missing": "it was merged without the gate's status",
    "status-not-success": "it was merged while the gate's status was {status}",
    "bypassed": "{who} went past the rules of the branch",
    "not-on-host": "the host does not know this commit",
}


def _merges(found: Audit) -> list[str]:
    """What the host tells of commits that came past the gate."""
    lines = []
    for one in found.findings:
        if one.merged is not None and one.merged.way in _CAME:
            said = _CAME[one.merged.way].format(status=one.merged.status, who=one.merged.who)
            request = f" (request {one.merged.request})" if one.merged.request is not None else ""
            place = f"{one.landed.commit[:12]} {_day(one.landed.at)} {', '.join(_models(one))}"
            lines.append(f"{place}: {said}{request}")
    return _cut(lines)


def _how(change: AuditedChange) -> str:
    if change.statement is None:
        return " (it landed without the gate, or its record was not kept)"
    return f" (it was {change.statement.gate}, decided {_day(change.statement.now)})"


def _models(change: AuditedChange) -> list[str]:
    return [f"{one.identity or one.file}{' removed' if one.is_gone else ''}" for one in change.landed.models]


def _waivers(found: Audit) -> list[str]:
    return _cut([
        f"{one.identity} {one.version}: the waiver of {one.rule} expired on {one.expired}, and this release hangs on it"
        for one in found.expired
    ])  # fmt: skip


def _broken(found: Audit) -> list[str]:
    return _cut([
        f"{one.commit[:12]} {one.identity} {one.version}: the glass was broken over {one.rule}: {one.said}"
        for one in found.broken
    ])  # fmt: skip


def _tallies(title: str, tallies: Sequence[Tally]) -> list[str]:
    if not tallies:
        return []
    width = max(len(one.name) for one in tallies)
    rows = [f"  {one.name:<{width}}  {one.covered} of {one.changes} changes, {one.percent:.0f} %" for one in tallies]
    return [f"{title}:", *_cut(rows)]


def _deployments(found: Audit) -> list[str]:
    if not found.deployments:
        return []
    rollbacks = [one for one in found.deployments if one.is_rollback]
    lines = [f"deployments: {len(found.deployments)}, of which {len(rollbacks)} rolled back to an earlier version"]
    times = [one.seconds_since for one in rollbacks if one.seconds_since is not None]
    if times:
        lines.append(
            f"time from a deployment to its rollback: {_span(statistics.median(times))} (median of {len(times)})"
        )
    return lines


def _summary(found: Audit) -> str:
    good = len(found.changes) - len(found.findings)
    if not found.changes:
        return "no commit here changes a model"
    share = 100 * good / len(found.changes)
    asked = [
        *(["have a record with an open gate"] if found.statements is not None else []),
        *(["were merged through the gate, as the host tells"] if any(one.merged for one in found.changes) else []),
    ]
    told = f"{good} of {len(found.changes)} changes of models {' and '.join(asked)}, {share:.0f} %"
    return f"{told}; {found.statements} statements were read" if found.statements is not None else told


def _cut(lines: list[str]) -> list[str]:
    more = len(lines) - _MOST_SHOWN
    return lines if more <= 0 else [*lines[:_MOST_SHOWN], f"  … and {more} more (`-o json` and `-o csv` have all)"]


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


def _span(seconds: float) -> str:
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} seconds"


def as_json(found: Audit) -> str:
    """Everything, as a JSON object."""
    return json.dumps({
        "schemaVersion": 1,
        "now": found.now,
        "statements": found.statements,
        "changes": [_row(one) | {"models": list(_released(one))} for one in found.changes],
        "expiredWaivers": [
            {**one._asdict(), "identity": one.identity._asdict(), "expired": one.expired.isoformat()}
            for one in found.expired
        ],
        "notes": list(found.notes),
        "brokenGlass": [{**one._asdict(), "identity": one.identity._asdict()} for one in found.broken],
        "deployments": [_deployment(one) for one in found.deployments],
        "byModel": _shares(by_model(found)),
        "byMonth": _shares(by_month(found)),
    }, indent=2) + "\n"  # fmt: skip


def _deployment(one: Deployment) -> dict[str, Any]:
    return {
        "identity": one.identity._asdict(),
        "version": one.version,
        "at": one.at,
        "isRollback": one.is_rollback,
        "secondsSince": one.seconds_since,
    }


def _shares(tallies: Iterable[Tally]) -> list[dict[str, Any]]:
    return [{**one._asdict(), "percent": round(one.percent, 1)} for one in tallies]


def _row(change: AuditedChange) -> dict[str, Any]:
    judged = change.statement
    return {
        "commit": change.landed.commit,
        "tree": change.landed.tree,
        "at": change.landed.at,
        "covered": change.covered.value,
        "verdict": judged.gate.value if judged is not None else "",
        "record": judged.record if judged is not None else "",
        "isDirectPush": _is_direct_push(change),
        **_came(change),
    }


def _is_direct_push(change: AuditedChange) -> bool:
    """As the host tells it; where it is not asked, what it looks like: one parent, and no record."""
    if change.merged is not None:
        return change.merged.way is MergeWay.DIRECT_PUSH
    return len(change.landed.parents) < 2 and change.statement is None


def _came(change: AuditedChange) -> dict[str, Any]:
    """What the host tells; nothing where it is not asked."""
    one = change.merged
    if one is None:
        return {}
    return {"merged": one.way.value, "request": one.request, "status": one.status, "mergedBy": one.who}


def _released(change: AuditedChange) -> Iterable[dict[str, Any]]:
    for one in change.landed.models:
        identity = None if one.identity is None else one.identity._asdict()
        yield {"identity": identity, "version": one.version, "file": one.file, "isGone": one.is_gone}


def as_csv(found: Audit) -> str:
    """A line for each model that a commit changed."""
    out = io.StringIO()
    names = ["commit", "at", "model", "version", "covered", "verdict", "record", "isDirectPush"]
    names += ["merged", "request", "status", "mergedBy"]
    writer = csv.DictWriter(out, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for change in found.changes:
        for one in change.landed.models:
            model = _plain(str(one.identity or one.file))
            row = {**_row(change), "model": model, "version": _plain(one.version)}
            row |= {key: _plain(str(row[key])) for key in ("status", "mergedBy") if key in row}
            writer.writerow(row)
    return out.getvalue()


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula, and no log for a command."""
    shown = terminal(text).encode("ascii", "backslashreplace").decode()
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@", "\t", "\r") else shown
