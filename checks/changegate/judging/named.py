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
    from changegate.policy.mentions import Models, hint, is_known, mentions

    releases = (one.subject.identity for one in subjects if one.subject.kind is SubjectKind.RELEASE)
    models = Models(identity for identity in releases if identity is not None)
    teams = (*rules.teams.teams, *rules.teams.roles)
    names: dict[str, Iterable[str]] = {"rule": rules.catalogue, "model": models.names}
    told = 0
    for one in mentions(raw, rules.teams, rules.waivers):
        is_there = (
            models.have(one) or not is_all if one.kind == "model" else is_known(one, rules.catalogue, rules.teams)
        )
        if not is_there and told < _MOST:
            told += 1
            near = hint(one, names.get(one.kind, teams))
            yield f"The base's .changegate/{one.file} names the {one.kind} {one.said}, which does not exist. {near}"
