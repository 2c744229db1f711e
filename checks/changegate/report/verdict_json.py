"""The whole verdict as JSON text, described by `schemas/verdict.schema.json`: what the reports for programs hold.

Equal parts are written once, in `parts`, and called by their digest: a subject's outcomes, the answers of policies,
rulings, and what is the same in several input documents. `json_reader.py` puts them together again.

The bytes are ASCII and depend on the verdict alone. A file name that is not plain text is written as git quotes it
(`escape.path`), so that every name is valid Unicode and can be turned back into its bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.escape import json_text
from changegate.escape import path as quoted
from changegate.report.foreseen import impact_lines
from changegate.report.parts import Parts, SharedDocuments, by_key, digest_of_plan, in_order, items, members

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.names import Change, Identity, Location
    from changegate.verdict import (
        Context,
        Decision,
        Finding,
        Impact,
        Measure,
        Outcome,
        Question,
        RelatedPlace,
        RequiredApproval,
        Ruling,
        Settled,
        Subject,
        SubjectVerdict,
        Verdict,
        Violation,
    )

SCHEMA = "https://changegate.dev/schemas/verdict.schema.json"
SCHEMA_VERSION = 2
"""Raised when a reader of the present version could misread the next."""


def verdict_text(verdict: Verdict) -> str:
    """Write the verdict as one JSON object, a line for each subject and each part; no newline at its end."""
    return json_text(_Writer(verdict).text())


class _Writer:
    """Writes one verdict. What is one object is written once: of many releases most rules say the same."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict
        self._parts = {kind: Parts() for kind in ("outcomes", "decisions", "rulings", "documents")}
        asked = (question.document for item in verdict.subjects for question in item.questions)
        self._documents = SharedDocuments(asked, self._parts["documents"])
        self._settled: dict[int, str] = {}
        self._outcomes: dict[tuple[str, Outcome], str] = {}
        self._rulings: dict[int, str] = {}

    def text(self) -> str:
        """The whole report; what comes first does not wait for what comes last."""
        verdict = self._verdict
        subjects = items(map(self._subject, verdict.subjects), between=",\n")
        about = [(key, in_order(value)) for key, value in _about(verdict).items()]
        parts = members(
            ((kind, members(one.items(), between=",\n ")) for kind, one in self._parts.items()), between=",\n"
        )
        return members([*about, ("subjects", subjects), ("parts", parts)], between=",\n")

    def _subject(self, item: SubjectVerdict) -> str:
        """One subject, in the order in which it is read: what it is, what was found, what it was come to by."""
        written = {
            "subject": in_order(_subject(item.subject)),
            "operation": in_order(item.operation),
            "why": in_order(item.why),
            "version": in_order(item.version),
            "previous": by_key(item.previous),
            "risk": in_order({"tier": item.tier, "reasons": item.tier_reasons}),
            "approvals": in_order([_approval(need) for need in item.approvals]),
            "changes": items(in_order(_change(change)) for change in item.changes),
            "entries": items(in_order(entry.as_json()) for entry in item.entries),
            "measures": in_order(list(map(_measure, item.measures))),
            "groups": in_order(list(map(_measure, item.groups))),
            "outcomes": self._part("outcomes", items(map(self._one_settled, item.settled))),
            "findings": items((in_order(_finding(finding)) for finding in item.findings), between=",\n  "),
            "notEvaluated": in_order(item.not_evaluated),
            "plan": by_key(item.plan),
            "planDigest": in_order(digest_of_plan(item.plan)),
            "rendering": by_key(item.rendering),
            "questions": items(map(self._question, item.questions)),
            "rulings": self._part("rulings", self._ruled(item.rulings)) if item.rulings else "null",
            "waivers": by_key(item.waivers),
        }
        return members(written.items(), between=",\n ")

    def _part(self, kind: str, text: str) -> str:
        return f'"{self._parts[kind].put(text)}"'

    def _one_settled(self, settled: Settled) -> str:
        known = self._settled.get(id(settled))
        if known is None:
            known = self._settled[id(settled)] = by_key(_settled(settled))
        return known

    def _question(self, question: Question) -> str:
        document, taken = self._documents.taken_apart(question.document)
        holder = question.holder
        about = None if holder is None else {"owner": holder.owner, "identity": _identity(holder.identity)}
        return members([
            ("holder", in_order(about)),
            ("tier", in_order(question.tier)),
            ("counts", in_order(question.counts)),
            ("document", document),
            ("parts", in_order(taken)),
            ("decision", self._part("decisions", self._decision(question.decision))),
        ])  # fmt: skip

    def _decision(self, decision: Decision) -> str:
        """An answer in the form in which policies give it: `schemas/decision.schema.json`."""
        outcomes = (self._outcome(rule, decision.outcomes[rule]) for rule in sorted(decision.outcomes))
        return members([
            ("outcomes", "{" + ",".join(outcomes) + "}"),
            ("requiredApprovals", by_key([_needed(need) for need in decision.approvals])),
            ("risk", by_key({"tier": decision.tier, "reasons": decision.tier_reasons})),
        ])  # fmt: skip

    def _outcome(self, rule: str, outcome: Outcome) -> str:
        """A rule and what it said, as a member of an object."""
        if outcome.violations:
            said = {"outcome": outcome.status.value, "violations": list(map(_said, outcome.violations))}
            return f"{in_order(rule)}:{by_key(said)}"
        known = self._outcomes.get((rule, outcome))
        if known is None:
            reason = {"reason": outcome.reason} if outcome.reason else {}
            said = {"outcome": outcome.status.value, **reason}
            known = self._outcomes[rule, outcome] = f"{in_order(rule)}:{by_key(said)}"
        return known

    def _ruled(self, rulings: Mapping[str, Ruling]) -> str:
        known = self._rulings.get(id(rulings))
        if known is None:
            known = self._rulings[id(rulings)] = by_key({rule: _ruling(one) for rule, one in rulings.items()})
        return known


def _about(verdict: Verdict) -> dict[str, Any]:
    """What is said of the whole change."""
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
        "impact": None if verdict.impact is None else _impact(verdict, verdict.impact),
    }


def _impact(verdict: Verdict, found: Impact) -> dict[str, Any]:
    """What a change of the rules does to the releases that there are, with what other reports say of it."""
    return {
        "texts": ["".join(line) for line in impact_lines(verdict)],
        "lookedAt": found.looked_at,
        "leftOut": found.left_out,
        "releases": [
            {
                "subject": _subject(one.subject),
                "before": one.before,
                "after": one.after,
                "rules": one.rules,
                "reason": one.reason,
            }
            for one in found.releases
        ],
    }


def _context(context: Context) -> dict[str, Any]:
    return {
        "stage": context.stage.value,
        "repository": context.repository,
        "trustedRef": context.trusted_ref,
        "base": context.base,
        "head": context.head,
        "headTree": context.head_tree,
        "reviewedHead": context.reviewed_head,
        "pullRequest": context.pull_request,
        "now": context.now,
        "configured": context.configured,
        "toolVersion": context.tool_version,
        "engine": context.engine,
        "policyDigest": context.policy_digest,
        "settingsDigest": context.settings_digest,
        "teamsDigest": context.teams_digest,
        "waiversDigest": context.waivers_digest,
        "signersDigest": context.signers_digest,
        "enforcement": context.enforcement,
        "failOn": context.fail_on,
        "requireConfig": context.require_config,
        "all": context.all,
        "paths": [quoted(path) for path in context.paths],
    }


def _subject(subject: Subject) -> dict[str, Any]:
    return {
        "kind": subject.kind.value,
        "identity": _identity(subject.identity),
        "file": quoted(subject.file),
        "label": subject.label,
    }


def _identity(identity: Identity | None) -> dict[str, Any] | None:
    return None if identity is None else identity._asdict()


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
        "text": change.text,
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "kind": measure.kind,
        "name": measure.name,
        "value": measure.value,
        "previous": measure.previous,
        "interval": measure.interval,
        "previousInterval": measure.previous_interval,
        "moreIsBetter": measure.more_is_better,
        "unit": measure.unit,
        "limit": measure.limit,
        "turn": measure.turn,
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


def _ruling(ruling: Ruling) -> dict[str, Any]:
    return {
        "severity": ruling.severity.value,
        "enforcement": ruling.enforcement.value,
        "note": ruling.note,
        "awaitsApproval": ruling.awaits_approval,
    }


def _needed(need: RequiredApproval) -> dict[str, Any]:
    """Who has to approve, as a policy says it."""
    return {
        "role": need.role,
        "count": need.needed,
        "approvedBy": need.approved_by,
        "candidates": need.candidates,
    }


def _said(violation: Violation) -> dict[str, Any]:
    """A place where a rule does not hold, as a policy says it."""
    at: dict[str, Any] = {"path": violation.path} if violation.at is None else {"at": violation.at}
    related = {"related": list(map(_related, violation.related))} if violation.related else {}
    return {**at, "details": violation.details, **related}


def _related(place: RelatedPlace) -> dict[str, Any]:
    """What else to look at, as a policy says it."""
    if place.at is not None:
        return {"message": place.message, "at": place.at}
    return {"message": place.message, "path": place.path, **({"revision": "previous"} if place.previous else {})}


def _violation(violation: Violation) -> dict[str, Any]:
    return {
        "path": violation.path,
        "at": None if violation.at is None else _sorted(violation.at),
        "details": _sorted(violation.details),
        "related": [_sorted(_related(one)) for one in violation.related],
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
        "related": [{"location": _location(one.location), "message": one.message} for one in finding.related],
        "fixable": finding.fixable,
        "accepts": [quoted(one) for one in finding.accepts],
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
