"""Judging every subject of a change: its releases and retirements, then the change as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.change import CHANGE_SET, RETIREMENT
from changegate.change.collector import ChangeRequest, origin
from changegate.evidence import gather
from changegate.judging.judge import release_in_stages
from changegate.stages import batches, in_stages
from changegate.verdict import SubjectKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from changegate.change.changeset import ChangeSet
    from changegate.judging.judge import Judge
    from changegate.manifest import Manifest
    from changegate.stages import Staged
    from changegate.verdict import SubjectVerdict


def judge_all(judge: Judge, change: ChangeSet) -> tuple[SubjectVerdict, ...]:
    """Judge every subject of a change.

    Returns:
        Releases and retirements by file, then the change set.

    Raises:
        ConfigurationError: Every manifest was asked for, and the globs leave out all there are.
    """
    asked = ChangeRequest(judge.scope, judge.rules.config, change, judge.reviews, judge.rules.teams, judge.rules.named)
    subjects = _of_the_change(judge, asked)
    if change.unchanged:
        from changegate.judging.unchanged import judge_unchanged

        more, others = judge_unchanged(judge, asked)
        subjects += more
        asked = asked._replace(others=others)
    if judge.scope.all:
        _refuse_to_see_nothing(subjects, change)
    ordered = sorted(subjects, key=lambda one: (one.subject.file, one.subject.label))
    evidence, facts = gather(asked, CHANGE_SET)
    return (*ordered, judge.change_set(facts, evidence))


def _of_the_change(judge: Judge, asked: ChangeRequest) -> list[SubjectVerdict]:
    change = asked.change
    releases = (release_in_stages(judge, asked, item) for item in change.items)
    retired = (_retirement(judge, asked, manifest) for manifest in change.retired)
    return [verdict for works in batches([*releases, *retired]) for verdict in in_stages(works)]


def _retirement(judge: Judge, asked: ChangeRequest, manifest: Manifest) -> Staged[SubjectVerdict]:
    came = origin(asked._replace(manifest=manifest), RETIREMENT)
    yield
    return (yield from judge.retirement(manifest, came))


def _refuse_to_see_nothing(subjects: Iterable[SubjectVerdict], change: ChangeSet) -> None:
    outside = change.troubles.outside
    if outside and not any(one.subject.kind is SubjectKind.RELEASE for one in subjects):
        from changegate.change.outside import refuse_to_see_nothing

        refuse_to_see_nothing(outside)
