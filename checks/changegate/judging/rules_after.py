"""The rules of the game as they would stand after the merge: for advice, and never for a verdict on the change.

Own policies of the change are read in a process with bounds, from memory. They are evaluated in another one, and what
they answer is shown to people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.author.worker import bounded
from changegate.change.snapshot import Snapshot
from changegate.judging.judge import Judge
from changegate.judging.rules import Rules
from changegate.own_policies.where import OWN, PolicyPlace
from changegate.policy.catalogue import Catalogue
from changegate.policy.settings import Config
from changegate.policy.signers import Signers
from changegate.policy.teams import Teams
from changegate.policy.waivers import Waivers
from changegate.rego.bundle import shipped
from changegate.rego.engines import EngineOptions, is_embedded, open_host, parsed_by
from changegate.worker import Limits

if TYPE_CHECKING:
    from contextlib import ExitStack

    from changegate.own_policies.origin import PolicySource
    from changegate.own_policies.policies import OwnPolicies
    from changegate.rego.engines import Engine


def judge_after(judge: Judge, closing: ExitStack) -> Judge:
    """A judge that has the head's rules, and all else that another one has.

    Args:
        judge: The judge of the change, who has the base's.
        closing: Ends what is started here.

    Raises:
        ChangegateError: The head's rules do not load, or its engine is not to be had.
    """
    scope, now = judge.scope, judge.now
    config, teams, waivers = Config.load(scope.head), Teams.load(scope.head), Waivers.load(scope.head)
    own = own_policies_after(judge, config)
    is_new = own is not None and own is not judge.rules.own
    catalogue = Catalogue.of(shipped())
    catalogue = catalogue if own is None else catalogue.joined(own.catalogue())
    choice = judge.rules.engine._replace(engine=config.engine or judge.rules.engine.engine)
    named = judge.rules.named
    after = Rules(
        shipped(),
        catalogue,
        config,
        teams=teams,
        waivers=waivers,
        signers=Signers.load(scope.head),
        own=own,
        named=named,
        engine=choice,
    )
    return Judge(
        scope=scope,
        rules=after,
        files=judge.files,
        reviews=judge.reviews,
        engine=judge.engine,
        now=now,
        own_engine=_engine_of(own, config, now, closing) if own is not None and is_new else judge.own_engine,
        fail_on_warning=judge.fail_on_warning,
        below=judge.below,
    )


def own_policies_after(judge: Judge, config: Config) -> OwnPolicies | None:
    """Read the own policies of the head, within the bounds of the base; None where it has none.

    Args:
        judge: The judge of the change.
        config: The head's.

    Raises:
        ChangegateError: They do not load within the bounds.
    """
    head, named = judge.scope.head, judge.rules.named
    if not named and not config.names_policies and head.read(OWN, 1).problem == "missing":
        return None
    limits = Limits(judge.rules.config.own_seconds, judge.rules.config.own_bytes)
    where = PolicyPlace.of(judge.scope)._replace(base=Snapshot(head, config))
    from changegate.own_policies.source import sources

    read = bounded(lambda: sources(where, config, named), *limits)
    if judge.rules.own is not None and _is_as_before(judge, config, read):
        return judge.rules.own
    options = EngineOptions(config.engine)
    read = tuple(one._replace(modules=parsed_by(options, one.modules, limits)) for one in read)
    return bounded(lambda: _put_together(read, config, where, limits), *limits) if read else None


def _is_as_before(judge: Judge, config: Config, read: tuple[PolicySource, ...]) -> bool:
    """Whether they are those of the base, evaluated as there: then the engine that has these can be asked."""
    before, base = judge.rules.own, judge.rules.config
    if before is None or (config.namespaces, config.engine) != (base.namespaces, base.engine):
        return False
    return list(map(_texts, read)) == list(map(_texts, before.sources))


def _texts(source: PolicySource) -> tuple[object, ...]:
    return source.place, [(one.name, one.text) for one in source.modules], source.data


def _put_together(read: tuple[PolicySource, ...], config: Config, where: PolicyPlace, limits: Limits) -> OwnPolicies:
    from changegate.own_policies.discover import discover
    from changegate.own_policies.namespaces import Namespaces
    from changegate.own_policies.policies import OwnPolicies

    modules = tuple(module for source in read for module in source.modules)
    return OwnPolicies.of(read, lambda: discover(modules), limits, Namespaces(config.namespaces, where.base))


def _engine_of(own: OwnPolicies, config: Config, now: int, closing: ExitStack) -> Engine:
    """An engine for them alone: never a server that others share, which is given nothing that nobody has approved."""
    from changegate.own_policies.isolated import Apart

    name = "" if is_embedded(EngineOptions(config.engine)) else config.engine
    host = open_host(EngineOptions(name))
    closing.callback(host.close)
    return Apart(host, own.bundle._replace(now=now * 10**9), own.places)
