"""Looks own policies up; where there are none, nothing else of this room is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.own_policies.where import OWN, PolicyPlace

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.own_policies.policies import OwnPolicies
    from changegate.policy.settings import Config


def own_policies(where: PolicyPlace, config: Config, named: tuple[Path, ...]) -> OwnPolicies | None:
    """Read policies of the repository's own; where there are none, nothing of it is imported."""
    if not named and not config.names_policies and (where.base is None or where.base.read(OWN, 1).problem == "missing"):
        return None
    from changegate.own_policies.policies import OwnPolicies

    return OwnPolicies.load(where, config, named)
