"""Names in control files that a change brings and that stand for nothing: what was meant does not happen, unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.change.manifests import NEEDLE_ESCAPE, open_manifest
from changegate.errors import ConfigurationError
from changegate.policy import control
from changegate.policy.mentions import Mention, Models, hint, is_known, mentions
from changegate.policy.settings import Config
from changegate.policy.teams import Teams
from changegate.policy.waivers import Waivers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from changegate.change.collector import ChangeRequest
    from changegate.names import Identity
    from changegate.workspace.tree import Tree

_MOST = 100
"""So many names are told."""
_MOST_FILES = 2000
"""So many files are opened to find the name that was meant."""
_STEERING = frozenset({"settings", "teams", "waivers"})


def unknown_names(request: ChangeRequest) -> Iterator[dict[str, Any]]:
    """Find the names that the head's control files have, the base's have not, and that stand for nothing at the head.

    What does not load is told as such. A glob for models is not looked for, nor a rule of one's own where the change
    touches policies.
    """
    kinds = {kind for _, kind in request.change.control}
    if not kinds & _STEERING:
        return
    teams, found = _mentioned(request.scope.head)
    _, before = _mentioned(request.scope.base)
    known = {_key(one) for one in before}
    new = [one for one in found if _key(one) not in known and not _is_open(one, has_policies="policies" in kinds)]
    unknown = [one for one in new if one.kind != "model" and not is_known(one, request.rules, teams)]
    unknown += _unknown_models(request, [one for one in new if one.kind == "model"])
    names = (
        model_names(request.scope.head, request.config.matches)
        if any(one.kind == "model" for one in unknown)
        else set()
    )
    for one in unknown[:_MOST]:
        yield _told(request, one, (*teams.teams, *teams.roles), names)


def _mentioned(tree: Tree | None) -> tuple[Teams, tuple[Mention, ...]]:
    try:
        config, teams, waivers = Config.load(tree), Teams.load(tree), Waivers.load(tree)
    except ConfigurationError:
        return Teams(), ()
    return teams, mentions(config.raw, teams, waivers)


def _key(one: Mention) -> tuple[Any, ...]:
    return one.file, one.path[0], one.kind, one.name, one.parts


def _is_open(one: Mention, *, has_policies: bool) -> bool:
    """Whether nobody can say here what a name stands for, or another rule says that it stands for nothing."""
    if one.kind == "rule":
        return has_policies and one.name.startswith("own/")
    return (one.kind == "model" and one.is_glob) or (one.kind == "role" and one.path[0] == "settings")


def _unknown_models(request: ChangeRequest, asked: Sequence[Mention]) -> list[Mention]:
    """The models that are not at the head; one search for all."""
    head, names = request.scope.head, sorted({one.name for one in asked})
    if not names:
        return []
    found = head.grep((*names, NEEDLE_ESCAPE))
    there = Models(_identities(head, sorted(filter(request.config.matches, found))))
    return [one for one in asked if not there.have(one)]


def _identities(head: Tree, paths: Sequence[str]) -> set[Identity]:
    entries = (entry for path in paths for entry in open_manifest(head, path).entries)
    return {entry.identity for entry in entries if entry.identity is not None}


def _told(request: ChangeRequest, one: Mention, teams: Iterable[str], models: Iterable[str]) -> dict[str, Any]:
    known: dict[str, Iterable[str]] = {"rule": request.rules, "model": models}
    place = control.locate(request.scope.head, one.file, one.path) or (1, 1)
    at = {"file": control.FOLDER + one.file, "revision": "head", "line": place[0], "column": place[1]}
    return {"kind": one.kind, "name": one.said, "hint": hint(one, known.get(one.kind, teams)), "at": at}


def model_names(head: Tree, matches: Callable[[str], bool]) -> set[str]:
    """Names of models that may have been meant: of the first files that may be manifests."""
    paths = [entry.path for entry in head.entries() if matches(entry.path)][:_MOST_FILES]
    return {identity.name for identity in _identities(head, paths)}
