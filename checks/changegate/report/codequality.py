"""The report for GitLab's merge request widget: Code Quality, an issue for each finding.

GitLab shows one of equal fingerprints, so each is of one finding of one subject, and outlives moved lines.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from changegate.escape import json_text, shorten, terminal
from changegate.escape import path as quoted
from changegate.report import view
from changegate.report.cases import UniqueNames

if TYPE_CHECKING:
    from changegate.report.reporter import ReportOptions
    from changegate.verdict import Failure, Finding, SubjectVerdict, Verdict

_LONGEST = 1_000
_SEVERITIES = {"error": "critical", "unknown": "critical", "approval": "major", "warning": "minor"}
_NOWHERE = ".changegate/config.yaml"
"""Where what is about the change as a whole stands: an issue without a path is dropped."""


def render(verdict: Verdict, options: ReportOptions) -> str:
    """Render the verdict as an array of issues, the most pressing first; empty where nothing was found."""
    del options
    issues = list(map(_undecided, verdict.failures))
    issues += [_missed(item) for item in verdict.subjects if item.not_evaluated]
    issues += map(_issue, view.pressing(view.shown(view.all_findings(verdict))))
    names = UniqueNames()
    for issue in issues:
        issue["fingerprint"] = _hash(names.unique(issue["fingerprint"]))
    return json_text(json.dumps(issues, indent=1, ensure_ascii=True)) + "\n"


def _issue(finding: Finding) -> dict[str, Any]:
    lines = [finding.message or finding.title]
    if finding.remediation and view.asks(finding):
        lines.append(f"Fix: {finding.remediation}")
    if finding.note:
        lines.append(f"Note: {finding.note}")
    severity = _SEVERITIES.get(view.level(finding), "info")
    name = f"{finding.subject.label} {finding.subject.file} {finding.fingerprint}"
    return _made(" ".join(lines), finding.rule, severity, name, (finding.location.file, finding.location.line or 1))


def _missed(item: SubjectVerdict) -> dict[str, Any]:
    text, rule = view.not_evaluated(item), "changegate/rules-evaluated"
    return _made(text, rule, "critical", f"{rule} {item.subject.label} {item.subject.file}", (item.subject.file, 1))


def _undecided(failure: Failure) -> dict[str, Any]:
    parts = (failure.place, failure.message, failure.hint and f"Try: {failure.hint}")
    text, rule = " ".join(part for part in parts if part), f"changegate/{failure.kind}"
    return _made(text, rule, "blocker", f"{rule} {failure.place} {failure.message}", ("", 1))


def _made(text: str, rule: str, severity: str, name: str, place: tuple[str, int]) -> dict[str, Any]:
    file, line = place
    return {
        "description": terminal(shorten(text, _LONGEST)),
        "check_name": terminal(rule),
        "fingerprint": name,
        "severity": severity,
        "location": {"path": quoted(file) or _NOWHERE, "lines": {"begin": line}},
    }


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
