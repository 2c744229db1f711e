"""Traces one rule over the subjects of a change: the documents are made as the gate makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.author.reports.trace import HOW, render
from changegate.author.trace import Trace, Traced, trace
from changegate.author.worker import bounded
from changegate.errors import PolicyError
from changegate.judging.documents import documents
from changegate.policy.origin import origins
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.judging.rules import Rules
    from changegate.rego.bundle import Bundle
    from changegate.request import Request
    from changegate.verdict import SubjectVerdict, Verdict
    from changegate.workspace.tree import Tree

MOST = 10
"""So many subjects are traced."""
_SECONDS = 60.0


class _Of(NamedTuple):
    """A rule, with the policies that it is evaluated in."""

    bundle: Bundle
    rule: Traced
    sees_manifest: bool = False
    """Whether its input is the manifest itself, as conftest shows it."""


def traces(request: Request, environ: Mapping[str, str], rule: str, verdict: Verdict | None = None) -> str:
    """Trace a rule for each subject of its kind.

    Args:
        request: The change.
        environ: The process environment.
        rule: Its id.
        verdict: What the gate came to, where it was asked.

    Raises:
        PolicyError: There is no such rule, or without a verdict nothing that it is about.
        ChangegateError: What keeps the gate from deciding.
    """
    made = documents(request, environ)
    known, of = made.rules.catalogue.rule(rule), _of(made.rules, rule)
    subjects = [one for one in made.subjects if one.subject.kind is known.kind and one.input is not None]
    parts = [_one(of, rule, one, made.scope.base, verdict) for one in subjects[:MOST]]
    if not subjects and verdict is None:
        hint = "name a valid manifest: `changegate check --all MANIFEST` says what is wrong with one"
        raise PolicyError(f"no {known.kind.value} was judged that {rule} is about", hint=hint)
    if not subjects:
        parts.append(f"no trace of {rule}: no {known.kind.value} was judged\n")
    elif len(subjects) > MOST:
        parts.append(f"{len(subjects) - MOST} more subjects are not traced: name a manifest\n")
    return "\n".join([*parts, HOW]) + "\n"


def _of(rules: Rules, rule: str) -> _Of:
    """Where a rule is evaluated, and as what."""
    own = rules.own.rules if rules.own is not None else ()
    found = next((one for one in own if one.id == rule), None)
    if found is None or rules.own is None:
        check = rules.catalogue.rule(rule).check
        return _Of(rules.bundle, Traced(f"changegate.checks.{check}", "outcome", rule))
    if found.is_conftest:
        return _Of(rules.own.bundle, Traced(found.package, found.name), sees_manifest=True)
    return _Of(rules.own.bundle, Traced(found.package, "outcome", found.name))


def _one(of: _Of, rule: str, subject: SubjectVerdict, base: Tree | None, verdict: Verdict | None) -> str:
    document = subject.input or {}
    given = document["release"] if of.sees_manifest else document
    label = subject.subject.label
    try:
        traced = bounded(lambda: trace(of.bundle, of.rule, given, rule), _SECONDS)
    except PolicyError as error:
        return f"no trace of {rule} for {label}: {error.message}\n"
    return render(traced, label, _outcome(subject, rule, verdict), origins(_settings(traced), base))


def _outcome(subject: SubjectVerdict, rule: str, verdict: Verdict | None) -> str:
    """What the gate came to for a subject."""
    for one in verdict.subjects if verdict is not None else ():
        if one.subject == subject.subject:
            return next((settled.outcome.status.value for settled in one.settled if settled.rule == rule), "")
    return ""


def _settings(traced: Trace) -> list[str]:
    """The settings that a rule reads, dotted: check and key."""
    steps = [step for chain in traced.chains for step in chain]
    readings = [reading for step in steps for reading in step.readings]
    readings += [reading for step in steps for helper in step.helpers for reading in helper.readings]
    read = {reading.path for reading in readings}
    named = (path.split("[")[0].split(".")[2:4] for path in sorted(read) if path.startswith("input.settings."))
    return list(dict.fromkeys(".".join(parts) for parts in named if len(parts) == 2))
