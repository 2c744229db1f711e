"""What a change does to the rules of the game: settings, teams, waivers, signers, policies that decide once it landed.

For the reviewer, and for nobody else: what judges a change is the base.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from changegate.diff.governance import Governance, governance_changes, in_order_of_turn
from changegate.errors import ConfigurationError
from changegate.names import Change
from changegate.own_policies.where import OWN
from changegate.policy.settings import Config
from changegate.policy.signers import Signers
from changegate.policy.strictness import Turn
from changegate.policy.teams import Teams
from changegate.policy.waivers import Waivers
from changegate.rego.bundle import is_test

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from changegate.change.changeset import ChangeSet
    from changegate.workspace.changes import FileChange
    from changegate.workspace.scope import Scope
    from changegate.workspace.tree import Tree

Loaded = TypeVar("Loaded")
_SEMANTIC = ("settings", "teams", "waivers", "signers")
_OPS = {"added": "added", "deleted": "removed"}
_SAID = {"added": "is new", "deleted": "is deleted", "renamed": "has another name"}


def governance_of(found: ChangeSet, scope: Scope, config: Config) -> tuple[Change, ...]:
    """Compare what steers the gate at the base and at the head.

    Args:
        found: The change set so far.
        scope: The base and the head.
        config: The base's configuration.

    Returns:
        What loosens first. A control file that does not load is left out: it is a finding by itself.
    """
    if not found.control:
        return ()
    before = Governance(
        config,
        _loaded(Teams.load, scope.base, Teams()),
        _loaded(Waivers.load, scope.base, Waivers()),
        _loaded(Signers.load, scope.base, Signers()),
    )
    return in_order_of_turn((*governance_changes(before, _after(scope.head, before)), *_files(found)))


def _after(head: Tree, before: Governance) -> Governance:
    return Governance(
        _loaded(Config.load, head, before.config),
        _loaded(Teams.load, head, before.teams),
        _loaded(Waivers.load, head, before.waivers),
        _loaded(Signers.load, head, before.signers),
    )


def _loaded(load: Callable[[Tree | None], Loaded], tree: Tree | None, otherwise: Loaded) -> Loaded:
    try:
        return load(tree)
    except ConfigurationError:
        return otherwise


def _files(found: ChangeSet) -> Iterator[Change]:
    """Control files of which only the names are looked at: policies, and what runs the gate."""
    for one, kind in found.control:
        if kind in _SEMANTIC or _is_quiet(one):
            continue
        said, op = _SAID.get(one.operation, "is changed"), _OPS.get(one.operation, "changed")
        if _is_lost(one, kind):
            said = f"is no policy any more, as {one.path}"
        name = one.old_path if one.operation == "renamed" else one.path
        yield Change((one.path,), op, None, None, kind, _turn(one, kind).value, f"{name} {said}")


def _is_quiet(one: FileChange) -> bool:
    """Whether it is a test of policies on both sides; one that goes is told: it said what a policy has to do."""
    return is_test(one.path) and is_test(one.old_path or one.path) and one.operation != "deleted"


def _is_lost(one: FileChange, kind: str) -> bool:
    """Whether a policy goes on under a name by which nobody asks it."""
    return kind == "policies" and one.operation == "renamed" and _is_asked(one.old_path) and not _is_asked(one.path)


def _is_asked(path: str) -> bool:
    return path.startswith(f"{OWN}/") and path.endswith(".rego") and not is_test(path)


def _turn(one: FileChange, kind: str) -> Turn:
    if _is_lost(one, kind):
        return Turn.LOOSENS
    if kind == "policies" and _is_asked(one.path) and one.operation in ("added", "deleted"):
        return Turn.TIGHTENS if one.operation == "added" else Turn.LOOSENS
    return Turn.MAY_LOOSEN
