"""What a reader should know of names in the base's control files that stand for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.verdict import SubjectKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from changegate.judging.rules import Rules
    from changegate.verdict import SubjectVerdict

_MOST = 20
"""So many names are told."""


def notes_on_names(subjects: Iterable[SubjectVerdict], rules: Rules, *, is_all: bool) -> Iterator[str]:
    """Say which names of the base stand for nothing.

    Args:
        subjects: What was judged.
        rules: The base's.
        is_all: Whether every release was judged: else nobody knows which models there are.
    """
    raw = rules.config.raw
    if not (raw.get("overrides") or raw.get("inventory") or raw.get("settings") or rules.waivers.waivers):
        return
    from changegate.policy.mentions import hint, is_known, mentions

    there = {one.subject.identity for one in subjects if one.subject.kind is SubjectKind.RELEASE} - {None}
    told = 0
    for one in mentions(raw, rules.teams, rules.waivers):
        is_model = one.kind == "model"
        if is_model and (not is_all or any(identity is not None and one.fits(identity) for identity in there)):
            continue
        if not is_model and is_known(one, rules.catalogue, rules.teams):
            continue
        teams = (*rules.teams.teams, *rules.teams.roles)
        known: dict[str, Iterable[str]] = {
            "rule": rules.catalogue,
            "model": [identity.name for identity in there if identity is not None],
        }
        yield f"The base's .changegate/{one.file} names the {one.kind} {one.said}, which does not exist. " + hint(
            one, known.get(one.kind, teams)
        )
        told += 1
        if told == _MOST:
            return
