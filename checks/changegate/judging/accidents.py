"""What ends the judging of one subject before there is an answer: it costs that subject its answer, and no other.

The run is undecided then, whatever the others come to: an error is never a pass. What nobody expected is told in a
sentence that names the subjects, and its trace is in one file for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import ChangegateError, EngineError, InternalError, PlanError, PolicyError
from changegate.verdict import Failure, SubjectKind, SubjectVerdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from changegate.stages import Staged
    from changegate.verdict import Subject

_NAMED = 5
"""So many subjects a sentence names."""
_TRACES = 20
"""So many different ways to an error are written down."""


def guarded(
    work: Staged[SubjectVerdict], otherwise: Callable[[ChangegateError], SubjectVerdict]
) -> Staged[SubjectVerdict]:
    """Judge a subject so that what goes wrong with it alone is its own.

    Args:
        work: Its judging.
        otherwise: Makes its verdict of what ended that.

    Raises:
        ChangegateError: What would end the judging of every other subject as well, such as a lost repository.
    """
    try:
        return (yield from work)
    except Exception as error:  # noqa: BLE001  (whatever it is, the others are judged, and the run is undecided)
        accident = of_one(error)
    return otherwise(accident)


def of_one(error: Exception) -> ChangegateError:
    """Take an error for one of a single subject.

    Raises:
        ChangegateError: It is none.
    """
    if not isinstance(error, ChangegateError) or isinstance(error, InternalError):
        from changegate.crash import caught

        return caught(error)
    if isinstance(error, (PolicyError, PlanError)) or (isinstance(error, EngineError) and error.answers_others):
        return error
    raise error


def reason_of(accident: ChangegateError) -> str:
    """Say in a line why the rules of a subject could not be asked."""
    return f"judging it ended before there was an answer: {accident.message}"


def unjudged(subject: Subject, reason: str, operation: str, why: str, **settled: Any) -> SubjectVerdict:
    """The verdict on a subject that no policy was asked about.

    Args:
        subject: Which it is.
        reason: Why none was.
        operation: What the change does to it, as far as is known.
        why: Why it is in the change.
        settled: What follows from that, by the names of the verdict.
    """
    return SubjectVerdict(
        subject=subject,
        operation=operation,
        why=why,
        version=None,
        previous={"status": "unavailable", "reason": reason},
        tier="critical",
        tier_reasons=(reason,),
        approvals=(),
        changes=(),
        findings=(),
        not_evaluated=reason,
        **settled,
    )


def failures_of(subjects: Iterable[SubjectVerdict], environ: Mapping[str, str], *, in_ci: bool) -> tuple[Failure, ...]:
    """Tell what ended the judging of subjects, equal reasons once.

    Args:
        subjects: Every subject, judged.
        environ: The process environment: where the file with the traces may be.
        in_ci: Whether this is a runner, whose files are gone when the job ends.
    """
    ended = [(subject, subject.accident) for subject in subjects if subject.accident is not None]
    if not ended:
        return ()
    unexpected = [(subject, error) for subject, error in ended if isinstance(error, InternalError)]
    hint = _written_down(unexpected, environ, in_ci=in_ci) if unexpected else ""
    return tuple(_failure(some, hint) for some in _grouped(ended))


_Ended = tuple[SubjectVerdict, ChangegateError]


def _grouped(ended: Iterable[_Ended]) -> Iterable[list[_Ended]]:
    groups: dict[tuple[str, ...], list[_Ended]] = {}
    for subject, error in ended:
        groups.setdefault((type(error).__name__, error.message, error.hint, error.place), []).append((subject, error))
    return groups.values()


def _failure(some: Sequence[_Ended], hint: str) -> Failure:
    error = some[0][1]
    message = f"{error.message}, while {_listed([subject for subject, _ in some])} judged"
    if not isinstance(error, InternalError):
        return Failure(type(error).__name__, message, error.hint, error.place)
    return Failure(type(error).__name__, message, hint, some[0][0].subject.file if len(some) == 1 else "")


def _listed(subjects: Sequence[SubjectVerdict]) -> str:
    whole_change = SubjectKind.CHANGE_SET
    names = ["the change set" if one.subject.kind is whole_change else one.subject.label for one in subjects[:_NAMED]]
    more = len(subjects) - len(names)
    if more:
        names.append(f"{more} more")
    whole = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return f"{whole} {'was' if len(subjects) == 1 else 'were'}"


def _written_down(unexpected: Iterable[_Ended], environ: Mapping[str, str], *, in_ci: bool) -> str:
    """Write all traces to one file, each way to an error once."""
    from changegate.crash import kept, trace_of

    ways: dict[str, str] = {}
    for subject, error in unexpected:
        trace = error.trace if isinstance(error, InternalError) and error.trace else trace_of(error, environ)
        ways.setdefault(trace, subject.subject.label)
    told = [f"While {label} was judged:\n{trace}" for trace, label in list(ways.items())[:_TRACES]]
    return kept("\n\n".join(told), environ, in_ci=in_ci)
