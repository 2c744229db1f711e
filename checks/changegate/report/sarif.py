"""The report for code scanning: SARIF 2.1.0, a result for each finding, within what GitHub takes.

GitHub refuses a file of more than 25,000 results or 10 MB packed, and keeps 5,000: the most severe stand first, and
what is left out is counted in a notification. Waived findings are suppressed, not hidden.
"""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from changegate.escape import json_text, shorten, terminal
from changegate.names import Effect, Status
from changegate.report import view
from changegate.resources import DOCS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.names import Location
    from changegate.report.reporter import ReportOptions
    from changegate.verdict import Failure, Finding, Verdict

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST = 5_000
"""Results: GitHub keeps no more of a run."""
MOST_BYTES = 10_000_000
"""Of the packed file."""
_MOST_RELATED = 20
_LONGEST = 2_000
_LEVELS = {"error": "error", "unknown": "error", "approval": "warning", "warning": "warning"}
_SEVERITIES = {"error": "8.0", "unknown": "7.0", "approval": "5.0", "warning": "4.0"}
"""Level -> GitHub's `security-severity`: high from 7, medium from 4, low below."""
_SECURITY = frozenset({"approvals", "artifacts", "control", "manifest", "provenance"})
"""The checks of which a finding is one of security, too."""
_NOWHERE = ".changegate/config.yaml"
"""Where a finding about the change as a whole stands: GitHub takes no result without a place."""


def render(verdict: Verdict, options: ReportOptions) -> str:
    """Render the verdict as one run of one tool."""
    del options
    found = view.pressing(view.shown(view.all_findings(verdict)))
    most = min(len(found), MOST)
    text = _text(verdict, found, most)
    while most and len(gzip.compress(text.encode("ascii"), 6, mtime=0)) > MOST_BYTES:
        most //= 2
        text = _text(verdict, found, most)
    return text


def _text(verdict: Verdict, found: Sequence[Finding], most: int) -> str:
    kept, dropped = found[:most], len(found) - most
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(verdict, kept, dropped)]}
    return json_text(json.dumps(document, indent=1, ensure_ascii=True)) + "\n"


def _run(verdict: Verdict, kept: Sequence[Finding], dropped: int) -> dict[str, Any]:
    by_rule: dict[str, list[Finding]] = {}
    for finding in kept:
        by_rule.setdefault(finding.rule, []).append(finding)
    indexes = {rule: index for index, rule in enumerate(sorted(by_rule))}
    driver: dict[str, Any] = {"name": "changegate", "informationUri": DOCS.removesuffix("/blob/main/docs")}
    driver |= {"version": terminal(verdict.context.tool_version)} if verdict.context.tool_version else {}
    return {
        "tool": {"driver": {**driver, "rules": [_rule(rule, by_rule[rule]) for rule in sorted(by_rule)]}},
        "automationDetails": {"id": "changegate/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not verdict.failures,
                "exitCode": verdict.exit_code,
                "toolExecutionNotifications": _notifications(verdict, dropped),
            }
        ],
        "results": [_result(finding, indexes[finding.rule]) for finding in kept],
        "properties": {"verdict": verdict.gate.value, "summary": _said(view.headline(verdict)), "leftOut": dropped},
    }


def _notifications(verdict: Verdict, dropped: int) -> list[dict[str, Any]]:
    told = [_notification("error", _failure(failure)) for failure in verdict.failures]
    missed = filter(None, (f"{one.subject.label}: {view.not_evaluated(one)}" for one in verdict.subjects
                           if one.not_evaluated))  # fmt: skip
    told += [_notification("error", text) for text in missed]
    told += [_notification("note", note) for note in verdict.notes]
    if dropped:
        text = f"{dropped} findings, the least severe ones, are left out: GitHub takes {MOST} results and 10 MB packed"
        told.append(_notification("warning", text))
    return told


def _failure(failure: Failure) -> str:
    parts = (failure.place, failure.message, failure.hint and f"try: {failure.hint}")
    return " ".join(part for part in parts if part)


def _notification(level: str, text: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": _said(text)}}


def _rule(rule: str, found: Sequence[Finding]) -> dict[str, Any]:
    first = found[0]
    level = min((view.level(finding) for finding in found), key=view.LEVELS.index)
    description = _said(first.description or first.title or rule)
    references = [terminal(one) for one in first.references]
    help_text = "\n".join([description, f"`changegate explain {terminal(rule)}` says how to mend it.", *references])
    tags = ["model-change-control", terminal(first.check), *(["security"] if first.check in _SECURITY else [])]
    return {
        "id": terminal(rule),
        "name": terminal(rule),
        "shortDescription": {"text": shorten(_said(first.title or rule), 1_000)},
        "fullDescription": {"text": shorten(description, 1_000)},
        "help": {"text": help_text},
        "helpUri": f"{DOCS}/rules.md",
        "defaultConfiguration": {"level": _LEVELS.get(level, "note")},
        "properties": {"tags": tags, "security-severity": _SEVERITIES.get(level, "1.0"), "precision": "very-high"},
    }


def _result(finding: Finding, index: int) -> dict[str, Any]:
    level = view.level(finding)
    advises = finding.effect is Effect.ADVISES and finding.status is Status.UNKNOWN
    result: dict[str, Any] = {
        "ruleId": terminal(finding.rule),
        "ruleIndex": index,
        "level": "warning" if advises else _LEVELS.get(level, "note"),
        "message": {"text": _message(finding)},
        "locations": [{"physicalLocation": _place(finding.location)}],
        "partialFingerprints": {
            "changegate/v1": finding.fingerprint,
            "primaryLocationLineHash": f"{finding.fingerprint}:1",
        },
        "properties": {
            "level": level,
            "subject": terminal(finding.subject.label),
            "revision": finding.location.revision,
        },
    }
    related = [
        _related(number, one.location, one.message) for number, one in enumerate(finding.related[:_MOST_RELATED])
    ]
    result |= {"relatedLocations": related} if related else {}
    if finding.effect in {Effect.WAIVED, Effect.PREEXISTING}:
        why = _said(finding.note) or finding.effect.value
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    return result


def _related(number: int, location: Location, said: str) -> dict[str, Any]:
    return {"id": number, "physicalLocation": _place(location), "message": {"text": _said(said)}}


def _message(finding: Finding) -> str:
    """What is wrong and what to do, about which release; GitHub shows nothing else on the line."""
    lines = [_said(finding.message or finding.title)]
    if finding.location.revision == "base":
        lines.append(f"at {view.place(finding.location)}")
    if finding.remediation and view.asks(finding):
        lines.append(f"Fix: {_said(finding.remediation)}")
    lines += [f"Note: {_said(finding.note)}"] if finding.note else []
    return "\n".join(lines)


def _said(text: str) -> str:
    """A text in one line in which no link begins: viewers make one of `[words](where)`, also in plain text."""
    return terminal(shorten(text, _LONGEST)).replace("](", "] (")


def _place(location: Location) -> dict[str, Any]:
    file = (location.file or _NOWHERE).encode("utf-8", "surrogateescape")
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(file, safe="/"), "uriBaseId": "%SRCROOT%"}}
    return {**place, "region": _region(location)}


def _region(location: Location) -> dict[str, int]:
    """A region of one line; GitHub asks for all four, so what is not known is the first line, or the line's end."""
    line, start = location.line or 1, location.column or 1
    end = location.end_column or (len(location.source) + 1 if location.source is not None else start + 1)
    return {"startLine": line, "startColumn": start, "endLine": line, "endColumn": max(end, start + 1)}
