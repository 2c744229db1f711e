"""The gate: from a change to a verdict. This is the whole pipeline; each stage is a room of its own.

change set → load → previous release + semantic diff → evidence → facts → input document
           → policy engine → outcomes (located) → settle → verdict → reports, plan, record
"""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

from changegate.rego.engines.chosen import ChosenHost
from changegate.settle import conclude
from changegate.verdict import Context, Failure, Gate, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.errors import ChangegateError
    from changegate.request import Request
    from changegate.verdict import SubjectVerdict


def check(request: Request, environ: Mapping[str, str]) -> Verdict:
    """Judge a change.

    A fault of the change is a finding. What keeps the gate from deciding at all becomes an undecided verdict, not an
    exception, so that reports are written in every case.

    Args:
        request: What is asked.
        environ: The process environment: claims of the CI host, which are checked against git.
    """
    now = int(time.time()) if request.now is None else request.now
    context = _asked(request, now)
    host: ChosenHost | None = None
    try:
        with closing(ChosenHost(request.engine)) as host:
            # NOTE: the engine loads the policies on another core meanwhile; what is slow to import comes after it.
            from changegate.judging.foresight import Foresight
            from changegate.judging.prepare import prepare
            from changegate.judging.reviewed import numbered
            from changegate.judging.subjects import judge_all
            from changegate.judging.summary import context_of, nothing_to_check, summary_of
            from changegate.workspace.resolve import resolve

            scope = numbered(request, resolve(request.scope, environ), environ)
            context = context_of(scope, context)
            rules, change, judge = prepare(request, scope, host, now=now, environ=environ)
            context = context_of(scope, context, rules)
            context = context._replace(engine=host.release if request.keep_input else host.name)
            if judge is None:
                return nothing_to_check(context, scope, change)
            foresight = Foresight(judge, change)
            subjects = judge_all(judge, change, foresight)
            impact = foresight.impact(subjects)
        answer = conclude(subjects, configured=rules.config.configured)
        failures = ended(subjects, environ) if answer is Gate.UNDECIDED else ()
        policies = rules.deciding if request.keep_input else None
        about = summary_of(answer, subjects, judge, change)
        return Verdict(answer, context, subjects, failures=failures, policies=policies, impact=impact, **about)
    except Exception as error:  # noqa: BLE001  (one that nobody expected is told as such)
        from changegate.crash import explained
        from changegate.workspace.ci_systems import is_ci

        context = context._replace(engine=host.name if host is not None else "")
        return undecided(explained(error, environ, in_ci=is_ci(environ)), context)


def _asked(request: Request, now: int) -> Context:
    """What is known before anything is read: what was asked for."""
    return Context(
        now=now,
        fail_on="warning" if request.fail_on_warning else "error",
        require_config=request.require_config,
        all=request.scope.all,
        paths=request.paths,
    )


def ended(subjects: tuple[SubjectVerdict, ...], environ: Mapping[str, str]) -> tuple[Failure, ...]:
    """Tell of which subjects the judging ended without an answer."""
    from changegate.judging.accidents import failures_of
    from changegate.workspace.ci_systems import is_ci

    return failures_of(subjects, environ, in_ci=is_ci(environ))


def undecided(error: ChangegateError, context: Context) -> Verdict:
    """Make the verdict of a run that could not decide."""
    failure = Failure(error.kind, error.message, error.hint, error.place)
    return Verdict(Gate.UNDECIDED, context, summary="changegate could not decide", failures=(failure,))
