"""The input documents of a change, made by the gate itself. Own policies are not asked: they may be what is broken."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

from changegate.change.survey import survey
from changegate.judging.foresight import Foresight
from changegate.judging.prepare import judge_of
from changegate.judging.reviewed import reviews_of
from changegate.judging.rules import Rules
from changegate.judging.subjects import judge_all
from changegate.records import NamedTuple
from changegate.rego.engines.chosen import ChosenHost
from changegate.workspace.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.request import Request
    from changegate.verdict import SubjectVerdict
    from changegate.workspace.scope import Scope


class Documents(NamedTuple):
    """The subjects of a change with their input documents, and what judges them."""

    scope: Scope
    rules: Rules
    subjects: tuple[SubjectVerdict, ...]
    """They have `input`, or say why they have none; own policies were not asked."""


def documents(request: Request, environ: Mapping[str, str]) -> Documents:
    """Make the input documents that `gate.check` makes of the same request.

    Raises:
        ChangegateError: What keeps the gate from deciding.
    """
    now = int(time.time()) if request.now is None else request.now
    with closing(ChosenHost(request.engine)) as host:
        scope = resolve(request.scope, environ)
        rules = Rules.of_base(
            scope, require_config=request.require_config, policies=request.policies, engine=request.engine
        )
        host.choose(rules.engine.engine)
        change = survey(scope, rules.config, request.paths)
        # NOTE: which thresholds hold for a subject may depend on its tier, and that our own policies say.
        reviews = reviews_of(request, scope, rules, change, now=now, environ=environ)
        judge = judge_of(request._replace(keep_input=True), scope, rules.without_own(), reviews, host=host, now=now)
        return Documents(scope, rules, judge_all(judge, change, Foresight(judge, change)))
