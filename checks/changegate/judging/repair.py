"""The way back from a base that does not load: a change that mends it is judged by rules that stand in for the base's.

Nothing of the base can be escaped this way. It opens only where the base itself does not load, for a change after which
it would; and what stands in is at least as strict as what ships, with everything that can still be read of the base.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.change.would_load import Trial, faults
from changegate.errors import ConfigurationError
from changegate.judging.rules import Rules, StandsIn
from changegate.own_policies.look_up import own_policies
from changegate.own_policies.where import PolicyPlace
from changegate.policy.catalogue import Catalogue
from changegate.policy.engine import choose_engine
from changegate.policy.settings import DEFAULT_GLOBS, Config, defaults
from changegate.policy.signers import NOBODY, Signers
from changegate.policy.teams import Teams
from changegate.policy.waivers import Waivers
from changegate.rego.bundle import shipped
from changegate.resources import DOCS

if TYPE_CHECKING:
    from changegate.change.would_load import LoadFault
    from changegate.errors import ChangegateError
    from changegate.request import Request
    from changegate.workspace.scope import Scope
    from changegate.workspace.tree import Tree

_APPROVERS = ("approvals", "retirement", "control")
"""The settings that say who approves: names of roles are the repository's own."""
_EXPOSURES = ("research", "internal", "production")
_CRITICAL = "the base does not load, so every release counts as critical"
_MEND = f"a pull request after which .changegate/ loads can still be judged ({DOCS}/trust.md)"


def way_back(scope: Scope, request: Request, error: ChangegateError) -> Rules:
    """The rules that judge a change which mends a base that does not load.

    Args:
        scope: The base and the head.
        request: What was asked of the gate.
        error: What loading the base came to.

    Raises:
        ChangegateError: The error itself, where it is not the base that does not load, or the change does not mend it;
            its hint then says how to.
    """
    at_base = _faults(scope.base, Trial.of(scope, has_server=bool(request.engine.opa_url)))
    if not at_base or (request.require_config and not _has_config(scope.base)):
        raise error
    at_head = faults(scope.head, Trial.of(scope, request.policies, has_server=bool(request.engine.opa_url)))
    if at_head:
        raise type(error)(
            error.message, hint=_hint(error, at_base, at_head), file=error.file, line=error.line, column=error.column
        )
    return _standing_in(scope, request, at_base)


def _faults(base: Tree | None, trial: Trial) -> tuple[LoadFault, ...]:
    """Why the base does not load, on any machine and by itself: a bound that was reached opens nothing."""
    return tuple(one for one in faults(base, trial) if not one.is_stopped)


def _has_config(base: Tree | None) -> bool:
    return base is not None and base.read(".changegate/config.yaml", 1).problem != "missing"


def _hint(error: ChangegateError, at_base: tuple[LoadFault, ...], at_head: tuple[LoadFault, ...]) -> str:
    known = {(one.file, one.message) for one in at_base}
    new = next((one for one in at_head if (one.file, one.message) not in known), None)
    still = f"; this change would not mend it: {new.place}: {new.message}" if new is not None else ""
    return "; ".join(part for part in (error.hint, _MEND) if part) + still


def _standing_in(scope: Scope, request: Request, at_base: tuple[LoadFault, ...]) -> Rules:
    config, teams, unknown = _config(scope), Teams(), ""
    try:
        teams = Teams.load(scope.base)
    except ConfigurationError as error:
        unknown = (
            f"{error.place} cannot be read at the base, so nobody can say who may approve this: an administrator of "
            "the branch has to put the mended file there, past the gate"
        )
    bundle = shipped()
    catalogue = Catalogue.of(bundle)
    where = PolicyPlace.of(scope)._replace(base=None)
    choice = choose_engine(request.engine.engine, config, is_local=where.is_local)
    engine = request.engine._replace(engine=choice.engine)
    own = own_policies(where, Config(configured=False, settings={}), request.policies, engine)
    if own is not None:
        catalogue = catalogue.joined(own.catalogue())
    return Rules(
        bundle,
        catalogue,
        config,
        teams=teams,
        waivers=Waivers(),
        signers=_signers(scope.base),
        own=own,
        named=request.policies,
        stands_in=StandsIn(_note(at_base[0]), unknown),
        engine=choice,
    )


def _note(first: LoadFault) -> str:
    return (
        f"The base's .changegate/ does not load ({first.place}: {first.message}), and this change mends it. It is "
        "judged by changegate's own rules and default thresholds, every release as critical, without waivers, "
        "overrides and policies of the base."
    )


def _config(scope: Scope) -> Config:
    """The settings that ship, enforced, at the strictest; what can be read of the base's may only add to them."""
    base, head = _readable(scope.base), Config.load(scope.head)
    settings = dict(defaults())
    floors = [{"when": {"exposure": one}, "tier": "critical", "reason": _CRITICAL} for one in _EXPOSURES]
    settings["risk"] = {**settings["risk"], "floors": floors}
    settings.update({name: base.settings[name] for name in _APPROVERS if base is not None})
    both = [one.raw for one in (base, head) if one is not None]
    include = [glob for raw in both for glob in raw.get("manifests", {}).get("include", ())]
    raw: dict[str, Any] = {
        "manifests": {"include": list(dict.fromkeys((*DEFAULT_GLOBS, *include)))},
        "policies": {"bundles": [one for raw in both for one in raw.get("policies", {}).get("bundles", ())]},
    }
    raw |= {
        key: base.raw[key] for key in ("repository", "releaseTags", "engine") if base is not None and key in base.raw
    }
    return Config(configured=True, settings=settings, raw=raw)


def _signers(base: Tree | None) -> Signers:
    """Those of the base; nobody's signature counts where they cannot be read."""
    try:
        return Signers.load(base)
    except ConfigurationError:
        return NOBODY


def _readable(base: Tree | None) -> Config | None:
    try:
        return Config.load(base)
    except ConfigurationError:
        return None
