"""Decides recorded verdicts again, from the JSON report and the policies alone, and says what comes out otherwise."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from changegate.audit import replay
from changegate.audit.record import Record
from changegate.audit.replay import RecordedPolicies
from changegate.report import ReportOptions, load_reporter
from changegate.report.json_reader import read_report
from changegate.report.parts import by_key, digest_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from changegate.verdict import Decision, Question, Verdict


__all__ = ["RecordedPolicies", "differences", "report_of", "tampered"]


def report_of(verdict: Verdict) -> dict[str, Any]:
    """The JSON report of a verdict, read as any program would."""
    report: dict[str, Any] = json.loads(load_reporter("json").render(verdict, ReportOptions()))
    return report


def differences(report: dict[str, Any], ask: Callable[[Question], Decision] | None = None) -> list[str]:
    """Everything that is not as a JSON report says when it is decided again; without `ask` it is settled again."""
    found, _ = replay.differences(Record(read_report(report), None), ask)
    return [" ".join(one) for one in found]


def tampered(report: dict[str, Any], kind: str, change: Callable[[Any], None]) -> dict[str, Any]:
    """A report in which the parts of one kind are changed by somebody who mends the digests."""
    text = json.dumps(report)
    for digest, part in report["parts"][kind].items():
        changed = copy.deepcopy(part)
        change(changed)
        text = text.replace(digest, digest_of(by_key(changed)))
    made: dict[str, Any] = json.loads(text)
    made["parts"][kind] = {}
    for part in report["parts"][kind].values():
        changed = copy.deepcopy(part)
        change(changed)
        made["parts"][kind][digest_of(by_key(changed))] = changed
    return made
