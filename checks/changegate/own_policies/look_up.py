"""Looks own policies up; where there are none, nothing else of this room is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.own_policies.where import OWN, PolicyPlace

if TYPE_CHECKING:
    from pathlib import Path

    from changegate.own_policies.policies import OwnPolicies
    from changegate.policy.settings import Config
    from changegate.rego.engines import EngineOptions


def own_policies(
    where: PolicyPlace, config: Config, named: tuple[Path, ...], engine: EngineOptions | None = None
) -> OwnPolicies | None:
    """Read policies of the repository's own; where there are none, nothing of it is imported.

    Args:
        where: Where they are looked for.
        config: The base's.
        named: What the command line names.
        engine: What evaluates them; where it is not known, the one that the configuration names.
    """
    if not named and not config.names_policies and (where.base is None or where.base.read(OWN, 1).problem == "missing"):
        return None
    from changegate.own_policies.policies import OwnPolicies

    if engine is None:
        from changegate.rego.engines import EngineOptions

        engine = EngineOptions(config.engine)
    return OwnPolicies.load(where, config, named, engine)
