"""The input documents of a change, made by the code that the gate makes them with, and judged by nobody."""

from __future__ import annotations

import time
from dataclasses import fields
from typing import TYPE_CHECKING, Any, NamedTuple

from changegate.judge import Judge
from changegate.policy.engines.engine import Engine
from changegate.policy.input import validate
from changegate.policy.rules import Rules
from changegate.run import judge_all, judge_of
from changegate.verdict import SubjectVerdict
from changegate.workspace.changeset import survey
from changegate.workspace.scope import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.gate import Request
    from changegate.policy.bundle import Bundle
    from changegate.verdict import Subject
    from changegate.workspace.scope import Scope


class Documents(NamedTuple):
    """The subjects of a change with their input documents, and what would judge them."""

    scope: Scope
    rules: Rules
    subjects: tuple[SubjectVerdict, ...]
    """Nothing is decided in them: they have `input`, or say why they have none."""


def documents(request: Request, environ: Mapping[str, str]) -> Documents:
    """Make the input documents that `gate.check` would make of the same request.

    Raises:
        ChangegateError: What keeps the gate from deciding.
    """
    now = int(time.time()) if request.now is None else request.now
    scope = resolve(request.scope, environ)
    rules = Rules.of_base(scope, require_config=request.require_config)
    change = survey(scope, rules.config, request.paths)
    judge = judge_of(request, scope, rules, _Nobody(), now)
    undecided = _Undecided(**{one.name: getattr(judge, one.name) for one in fields(judge) if one.init})
    return Documents(scope, rules, judge_all(undecided, change))


class _Undecided(Judge):
    """A judge that makes documents and decides nothing."""

    __slots__ = ()

    def _verdict(
        self,
        subject: Subject,
        asked: dict[str, Any],
        manifest: object,
        revision: str = "head",
        plan: Mapping[str, Any] | None = None,
        **about: Any,
    ) -> SubjectVerdict:
        del manifest, revision, plan
        validate(asked, subject.label)
        nothing: dict[str, Any] = {"previous": {}, "tier": "", "tier_reasons": (), "approvals": (), "settled": ()}
        told = {"changes": (), **about}
        return SubjectVerdict(subject=subject, findings=(), input=asked, **nothing, **told)


class _Nobody(Engine):
    """The host and the engine where nobody is asked."""

    name = "none"

    def load(self, bundle: Bundle) -> Engine:
        """Answer itself."""
        self.bundle = bundle
        return self

    def query(self, references: Sequence[str], document: Mapping[str, Any]) -> dict[str, Any]:
        """Nothing has a value."""
        del references, document
        return {}

    def close(self) -> None:
        """Nothing is open."""
