"""The report for programs: the whole verdict, described by `schemas/verdict.schema.json`.

The bytes are ASCII and depend on the verdict alone. A file name that is not plain text is written as git quotes it
(`escape.path`), so that every name is valid Unicode and can be turned back into its bytes.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

from changegate.escape import path as quoted

if TYPE_CHECKING:
    from changegate.names import Change, Location
    from changegate.report.reporter import ReportOptions
    from changegate.verdict import (
        Context,
        Finding,
        RequiredApproval,
        Settled,
        Subject,
        SubjectVerdict,
        Verdict,
        Violation,
    )

SCHEMA = "https://changegate.dev/schemas/verdict.schema.json"
SCHEMA_VERSION = 1
"""Raised when a reader of the present version could misread the next."""


def render(verdict: Verdict, options: ReportOptions) -> str:
    """Render the verdict as one JSON object; options change nothing."""
    del options
    text = json.dumps(plain(document(verdict)), indent=2, ensure_ascii=True, allow_nan=False)
    text = text.replace("\x7f", "\\u007f")  # the one control character that JSON lets pass as it is
    return re.sub(r"##(?=\w*\[)", r"#\\u0023", text) + "\n"  # the same string, and no command in a CI log


def document(verdict: Verdict) -> dict[str, Any]:
    """The verdict as a JSON object, with keys in a fixed order."""
    return {
        "$schema": SCHEMA,
        "schemaVersion": SCHEMA_VERSION,
        "verdict": verdict.gate.value,
        "exitCode": verdict.exit_code,
        "summary": verdict.summary,
        "notes": verdict.notes,
        "nothingAsked": verdict.nothing_asked,
        "failures": [
            {"kind": item.kind, "message": item.message, "hint": item.hint, "place": item.place}
            for item in verdict.failures
        ],
        "context": _context(verdict.context),
        "subjects": [_subject_verdict(item) for item in verdict.subjects],
    }


def _context(context: Context) -> dict[str, Any]:
    return {
        "stage": context.stage.value,
        "repository": context.repository,
        "trustedRef": context.trusted_ref,
        "base": context.base,
        "head": context.head,
        "reviewedHead": context.reviewed_head,
        "pullRequest": context.pull_request,
        "now": context.now,
        "configured": context.configured,
        "toolVersion": context.tool_version,
        "engine": context.engine,
        "policyDigest": context.policy_digest,
        "settingsDigest": context.settings_digest,
    }


def _subject(subject: Subject) -> dict[str, Any]:
    identity = subject.identity
    return {
        "kind": subject.kind.value,
        "identity": None if identity is None else dict(identity._asdict()),
        "file": quoted(subject.file),
        "label": subject.label,
    }


def _subject_verdict(item: SubjectVerdict) -> dict[str, Any]:
    return {
        "subject": _subject(item.subject),
        "operation": item.operation,
        "why": item.why,
        "version": item.version,
        "previous": _sorted(item.previous),
        "risk": {"tier": item.tier, "reasons": item.tier_reasons},
        "approvals": [_approval(need) for need in item.approvals],
        "changes": [_change(change) for change in item.changes],
        "outcomes": [_settled(settled) for settled in item.settled],
        "findings": [_finding(finding) for finding in item.findings],
        "notEvaluated": item.not_evaluated,
        "plan": None if item.plan is None else _sorted(item.plan),
        "rendering": None if item.rendering is None else _sorted(item.rendering),
        "input": None if item.input is None else _sorted(item.input),
    }


def _approval(need: RequiredApproval) -> dict[str, Any]:
    return {
        "role": need.role,
        "count": need.needed,
        "missing": need.missing,
        "approvedBy": need.approved_by,
        "candidates": need.candidates,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "path": change.path,
        "op": change.op,
        "before": _sorted(change.before),
        "after": _sorted(change.after),
        "category": change.category,
        "impact": change.impact,
    }


def _settled(settled: Settled) -> dict[str, Any]:
    return {
        "rule": settled.rule,
        "status": settled.outcome.status.value,
        "severity": settled.severity.value,
        "effect": settled.effect.value,
        "enforced": settled.enforced,
        "awaitsApproval": settled.awaits_approval,
        "reason": settled.outcome.reason,
        "note": settled.note,
        "violations": [_violation(violation) for violation in settled.outcome.violations],
    }


def _violation(violation: Violation) -> dict[str, Any]:
    return {
        "path": violation.path,
        "at": None if violation.at is None else _sorted(violation.at),
        "details": _sorted(violation.details),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "status": finding.status.value,
        "effect": finding.effect.value,
        "severity": finding.severity.value,
        "title": finding.title,
        "message": finding.message,
        "remediation": finding.remediation,
        "location": _location(finding.location),
        "references": finding.references,
        "details": _sorted(finding.details),
        "awaitsApproval": finding.awaits_approval,
        "note": finding.note,
        "fingerprint": finding.fingerprint,
    }


def _location(location: Location) -> dict[str, Any]:
    return {
        "file": quoted(location.file),
        "revision": location.revision,
        "line": location.line,
        "column": location.column,
        "endColumn": location.end_column,
        "path": location.path,
        "source": location.source,
    }


def _sorted(given: Any) -> Any:
    """Order the keys of what comes from elsewhere, so that the bytes do not hang on how it was built."""
    if isinstance(given, (list, tuple)):
        return [_sorted(item) for item in given]
    if hasattr(given, "items"):
        return {str(key): _sorted(item) for key, item in sorted(given.items(), key=lambda pair: str(pair[0]))}
    return given


def plain(given: Any) -> Any:
    """Make a value that every JSON reader takes: no NaN, no lone surrogate, no type of Python's own."""
    if isinstance(given, str):
        return given if given.isascii() else given.encode("utf-8", "backslashreplace").decode()
    if given is None or isinstance(given, (bool, int)):
        return given
    if isinstance(given, float):
        return given if math.isfinite(given) else str(given)
    if isinstance(given, dict):
        return {plain(str(key)): plain(item) for key, item in given.items()}
    if isinstance(given, (list, tuple)):
        return [plain(item) for item in given]
    return plain(str(given))
