"""A report of which one subject cannot be written: it is left out, said so, and the others are in it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from changegate.errors import ReportError
from changegate.verdict import Failure, Gate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from changegate.report.reporter import Reporter, ReportOptions
    from changegate.verdict import SubjectVerdict, Verdict

_MOST = 20
"""So many subjects are looked for; where more cannot be written, it is the report's own fault."""


def render_what_can_be(
    reporter: Reporter, verdict: Verdict, options: ReportOptions, error: Exception, name: str
) -> tuple[str, ReportError]:
    """Render a verdict without the subjects that cannot be rendered; it does not decide then.

    Args:
        reporter: What failed.
        verdict: What was decided.
        options: How the report is wanted.
        error: How it failed.
        name: The format.

    Returns:
        The report, and the error that says what is not in it.

    Raises:
        Exception: The report cannot be written at all; as the reporter raised it.
    """

    def renders(subjects: Sequence[SubjectVerdict]) -> bool:
        try:
            reporter.render(verdict._replace(subjects=tuple(subjects)), options)
        except Exception:  # noqa: BLE001  (that it fails is what is asked)
            return False
        return True

    culprits = _culprits(verdict.subjects, renders) if renders(()) else []
    if not culprits:
        raise error
    labels = ", ".join(one.subject.label for one in culprits)
    fault = told(error, f"the {name} report is without {labels}, at which it failed")
    failure = Failure("InternalError", fault.message, fault.hint)
    gone = {id(one) for one in culprits}
    subjects = tuple(_bare(one, fault.message) if id(one) in gone else one for one in verdict.subjects)
    left = verdict._replace(gate=Gate.UNDECIDED, subjects=subjects, failures=(*verdict.failures, failure))
    return reporter.render(left, options), fault


def _culprits(
    subjects: Sequence[SubjectVerdict], renders: Callable[[Sequence[SubjectVerdict]], bool]
) -> list[SubjectVerdict]:
    """Those that cannot be rendered, found by halves; nobody, where there are too many or none is it alone."""
    found: list[SubjectVerdict] = []
    todo = [subjects]
    while todo and len(found) <= _MOST:
        some = todo.pop()
        if renders(some):
            continue
        if len(some) == 1:
            found.append(some[0])
        else:
            todo += [some[len(some) // 2 :], some[: len(some) // 2]]
    return found if len(found) <= _MOST else []


def _bare(subject: SubjectVerdict, why: str) -> SubjectVerdict:
    """What is left of a subject: which it is."""
    return subject._replace(
        changes=(),
        settled=(),
        findings=(),
        approvals=(),
        questions=(),
        rulings={},
        waivers={},
        plan=None,
        rendering=None,
        previous={"status": "unavailable", "reason": why},
        not_evaluated=why,
    )


def told(error: Exception, what: str) -> ReportError:
    """Say what went wrong with a report in one sentence."""
    from changegate.crash import explained
    from changegate.workspace.ci_systems import is_ci

    fault = explained(error, os.environ, in_ci=is_ci(os.environ))
    return ReportError(f"{what}: {fault.message}", hint=fault.hint)
