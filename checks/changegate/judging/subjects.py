"""Judging every subject of a change: its releases and retirements, then the change as a whole."""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from changegate import progress
from changegate.change import CHANGE_SET, RETIREMENT
from changegate.change.collector import ChangeRequest, origin
from changegate.evidence import gather
from changegate.judging.accidents import guarded
from changegate.judging.judge import release_ended, release_in_stages
from changegate.judging.policy_tests import failing_already
from changegate.parallel import in_chunks
from changegate.stages import batches, in_stages
from changegate.verdict import Subject, SubjectKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from changegate.change.changeset import ChangeSet
    from changegate.change.kindred import Kindred
    from changegate.change.past import Past
    from changegate.change.tagged import TaggedReleases
    from changegate.errors import ChangegateError
    from changegate.judging.foresight import Foresight
    from changegate.judging.judge import Judge
    from changegate.manifest import Manifest
    from changegate.stages import Staged
    from changegate.verdict import SubjectVerdict


def judge_all(judge: Judge, change: ChangeSet, foresight: Foresight) -> tuple[SubjectVerdict, ...]:
    """Judge every subject of a change.

    Args:
        judge: Has the base's rules.
        change: What it touches.
        foresight: What the head's rules would come to.

    Returns:
        Releases and retirements by file, then the change set.

    Raises:
        ConfigurationError: Every manifest was asked for, and the globs leave out all there are.
    """
    asked = request_of(judge, change)
    subjects = [*_releases(judge, asked), *_retirements(judge, asked)]
    if change.unchanged:
        from changegate.judging.unchanged import judge_unchanged

        more, others = judge_unchanged(judge, asked)
        subjects += more
        asked = asked._replace(others=others)
    if judge.scope.all:
        _refuse_to_see_nothing(subjects, change)
    ordered = sorted(subjects, key=lambda one: (one.subject.file, one.subject.label))
    asked = asked._replace(policy_answers=lambda: foresight.policies(ordered))
    return (*ordered, *in_stages([_change_set(judge, asked)]))


def _change_set(judge: Judge, asked: ChangeRequest) -> Staged[SubjectVerdict]:
    def work() -> Staged[SubjectVerdict]:
        evidence, facts = gather(asked, CHANGE_SET)
        yield
        changes = (*asked.change.governance, *failing_already(facts["control"]["tests"]))
        return judge.change_set(facts, evidence, changes)

    return guarded(work(), lambda accident: judge.ended(Subject(SubjectKind.CHANGE_SET), accident, "none"))


def request_of(judge: Judge, change: ChangeSet) -> ChangeRequest:
    """What is asked of a change, by a judge's rules."""

    @cache
    def tagged() -> TaggedReleases:
        from changegate.change.tagged import TaggedReleases

        return TaggedReleases(judge.scope, judge.rules.config, change)

    @cache
    def past() -> Past:
        from changegate.change.past import Past

        return Past(judge.scope, judge.rules.config, change)

    @cache
    def kindred() -> Kindred:
        from changegate.change.kindred import Kindred

        return Kindred(change, judge.rules.config)

    def policy_tests() -> Mapping[str, Any]:
        from changegate.judging.policy_tests import tests_of_change

        return tests_of_change(judge, change)

    rules, below = judge.rules, judge.below
    reviews = below.reviews_of_control(judge.reviews), below.reviews_of_releases(judge.reviews, change)
    known = rules.config, change, *reviews, rules.teams
    has_server = rules.engine.has_server
    around = past, kindred, policy_tests
    asked = ChangeRequest(judge.scope, *known, tagged, rules.catalogue, *around, has_server=has_server)
    return asked._replace(signers=rules.signers, policies=rules.named)


def _releases(judge: Judge, asked: ChangeRequest) -> Iterator[SubjectVerdict]:
    """Judge the releases of the change: on all cores where there are many, as for a contract that many name."""
    items = asked.change.items
    progress.expect(len(items))

    def judged(numbers: Sequence[int]) -> list[SubjectVerdict]:
        return _in_batches([release_in_stages(judge, asked, items[number]) for number in numbers])

    def lost(number: int, accident: ChangegateError) -> list[SubjectVerdict]:
        return [release_ended(judge, items[number], accident)]

    return chain.from_iterable(in_chunks(judged, range(len(items)), lost))


def _retirements(judge: Judge, asked: ChangeRequest) -> list[SubjectVerdict]:
    return _in_batches([_retirement(judge, asked, manifest) for manifest in asked.change.retired])


def _in_batches(works: Sequence[Staged[SubjectVerdict]]) -> list[SubjectVerdict]:
    return [verdict for some in batches(works) for verdict in in_stages(some)]


def _retirement(judge: Judge, asked: ChangeRequest, manifest: Manifest) -> Staged[SubjectVerdict]:
    def work() -> Staged[SubjectVerdict]:
        came = origin(asked._replace(manifest=manifest), RETIREMENT)
        yield
        return (yield from judge.retirement(manifest, came))

    subject = Subject(SubjectKind.RETIREMENT, manifest.identity, manifest.file)
    why = "the manifest was deleted"
    return guarded(work(), lambda accident: judge.ended(subject, accident, "retire", why))


def _refuse_to_see_nothing(subjects: Iterable[SubjectVerdict], change: ChangeSet) -> None:
    outside = change.troubles.outside
    if outside and not any(one.subject.kind is SubjectKind.RELEASE for one in subjects):
        from changegate.change.outside import refuse_to_see_nothing

        refuse_to_see_nothing(outside)
