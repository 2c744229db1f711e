"""The own policies of a run: read, put together, their rules found, and asked beside ours, apart from them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.own_policies import decode, merge
from changegate.own_policies.isolated import RuleStart, discovered
from changegate.own_policies.namespaces import Namespaces, left_out
from changegate.own_policies.source import sources
from changegate.own_policies.where import OWN
from changegate.policy.catalogue import Rule
from changegate.records import NamedTuple
from changegate.rego.bundle import Bundle, library
from changegate.rego.engines import is_embedded, parsed_by
from changegate.worker import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from changegate.own_policies.discover import Discovered, Found
    from changegate.own_policies.origin import PolicySource
    from changegate.own_policies.where import PolicyPlace
    from changegate.policy.settings import Config
    from changegate.rego.bundle import Module
    from changegate.rego.engines import Engine, EngineOptions
    from changegate.verdict import Outcome, Subject


class OwnPolicies(NamedTuple):
    """The policies, and what was found in them."""

    bundle: Bundle
    rules: tuple[Found, ...]
    """Sorted by id."""
    exceptions: frozenset[str]
    """The packages that have `exception`."""
    sources: tuple[PolicySource, ...] = ()
    left_out: str = ""
    """Whose rules are not asked."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of where they come from, and of what is not asked."""
        said = (*(source.note for source in self.sources), self.left_out)
        return tuple(note for note in said if note)

    @classmethod
    def load(
        cls, where: PolicyPlace, config: Config, named: tuple[Path, ...] = (), engine: EngineOptions | None = None
    ) -> OwnPolicies | None:
        """Read the own policies of a run; None where there are none.

        Args:
            where: The base, the checkout, whether this is a laptop.
            config: The base's.
            named: What the command line names.
            engine: What evaluates them.

        Raises:
            ChangegateError: A source cannot be read, claims what is not its own, or holds no rule.
        """
        read = sources(where, config, named)
        namespaces = Namespaces(config.namespaces, where.base)
        if not read:
            namespaces.chosen(())
            return None
        limits = Limits(config.own_seconds, config.own_bytes)
        read = tuple(one._replace(modules=parsed_by(engine, one.modules, limits)) for one in read)
        embedded = is_embedded(engine)
        found = partial(discovered, tuple(_modules(read)), limits, is_embedded=embedded)
        return cls.of(read, found, limits, namespaces)

    @classmethod
    def of(
        cls,
        read: tuple[PolicySource, ...],
        discover: Callable[[], Sequence[Discovered]],
        limits: Limits,
        namespaces: Namespaces,
    ) -> OwnPolicies:
        """Put sources together.

        Args:
            read: The sources.
            discover: Finds the rules of their modules.
            limits: The bounds under which they are evaluated.
            namespaces: Which packages are asked.

        Raises:
            ChangegateError: A source claims what is not its own, or holds no rule; a package is named that has none.
        """
        modules = tuple(_modules(read))
        _check_names(modules)
        found = discover()
        merge.check_conflicts(read, found)
        _check_rules(read, found)
        asked = namespaces.chosen(found)
        bundle = Bundle((*modules, *library(modules)), merge.merged(read), limits=limits)
        rules = sorted((rule for one in asked for rule in one.rules), key=lambda rule: rule.id)
        exceptions = frozenset(one.package for one in asked if one.has_exceptions)
        return cls(bundle, tuple(rules), exceptions, read, left_out(found, asked))

    @classmethod
    def of_bundle(cls, bundle: Bundle, wanted: AbstractSet[str]) -> OwnPolicies:
        """Take policies as a record has them: put together already, with what they see of ours.

        Args:
            bundle: All of them.
            wanted: The ids of the rules that are asked; others in the same files are not.

        Raises:
            PolicyError: A rule that is wanted is not in them.
            EngineError: They take too long to read.
        """
        limits = Limits()
        modules = tuple(module for module in bundle.modules if not module.name.startswith("changegate/"))
        found = discovered(modules, limits)
        rules = sorted((rule for one in found for rule in one.rules if rule.id in wanted), key=lambda rule: rule.id)
        missing = wanted - {rule.id for rule in rules}
        if missing:
            raise PolicyError(f"the recorded policies have no rule {min(missing)}", hint="the record was put together")
        exceptions = frozenset(one.package for one in found if one.has_exceptions)
        return cls(bundle._replace(limits=limits), tuple(rules), exceptions)

    def thresholds(self, names: Sequence[str]) -> dict[str, tuple[Any, str]]:
        """What those of the names are that are in the data: `data.acme.limits.most`, its value and its file."""
        return {
            name: found
            for name in names
            if name.startswith("data.") and (found := merge.look_up(self.sources, name)) is not None
        }

    def catalogue(self) -> tuple[Rule, ...]:
        """Their rules, as the catalogue shows them."""
        return tuple(Rule(one.id, one.kind, one.file, one.line, one.home, one.metadata) for one in self.rules)

    @property
    def places(self) -> dict[str, RuleStart]:
        """Where each rule begins, by the reference by which it is asked; of several, the first."""
        return {
            _value(rule) if rule.is_conftest else _outcome(rule): RuleStart(rule.file, rule.line)
            for rule in sorted(self.rules, key=lambda rule: (rule.file, rule.line), reverse=True)
        }

    def outcomes(self, engine: Engine, subject: Subject, asked: Mapping[str, Any]) -> dict[str, Outcome]:
        """Ask every own rule about a subject.

        Args:
            engine: Has loaded them.
            subject: What is judged.
            asked: Its input document, which holds the manifest of a release.

        Raises:
            PolicyError: A rule has no outcome, answers nonsense, or met a value of a wrong type.
            EngineError: A policy takes too long or too much, or makes the engine crash.
        """
        wanted = [rule for rule in self.rules if rule.kind is subject.kind]
        said = {
            **_ours(engine, [rule for rule in wanted if not rule.is_conftest], asked),
            **self._conftest(engine, [rule for rule in wanted if rule.is_conftest], asked),
        }
        return {rule.id: said[rule.id] for rule in wanted}

    def _conftest(self, engine: Engine, rules: Sequence[Found], asked: Mapping[str, Any]) -> dict[str, Outcome]:
        if not rules:
            return {}
        manifest = asked["release"]
        excepting = dict.fromkeys(_exception(rule) for rule in rules if rule.package in self.exceptions)
        answer = engine.query([*map(_value, rules), *excepting], manifest)
        return {
            rule.id: decode.conftest(rule, answer.get(_value(rule)), answer.get(_exception(rule)), manifest)
            for rule in rules
        }


def _ours(engine: Engine, rules: Sequence[Found], asked: Mapping[str, Any]) -> dict[str, Outcome]:
    if not rules:
        return {}
    answer = engine.query(list(dict.fromkeys(map(_outcome, rules))), asked)
    return {rule.id: decode.ours(rule, answer.get(_outcome(rule))) for rule in rules}


def _outcome(rule: Found) -> str:
    return f"data.{rule.package}.outcome"


def _value(rule: Found) -> str:
    return f"data.{rule.package}.{rule.name}"


def _exception(rule: Found) -> str:
    return f"data.{rule.package}.exception"


def _modules(read: Sequence[PolicySource]) -> Iterator[Module]:
    return (module for source in read for module in source.modules)


def _check_names(modules: Sequence[Module]) -> None:
    seen: set[str] = set()
    for module in modules:
        if module.name in seen:
            raise PolicyError("two policies have this name", hint="name each source once", file=module.name)
        seen.add(module.name)


def _check_rules(read: Sequence[PolicySource], found: Sequence[Discovered]) -> None:
    """Refuse a source without a rule: who names policies must not be told that they hold."""
    holding = {one.module for one in found if one.rules}
    for source in read:
        if source.needs_rule and not any(module.name in holding for module in source.modules):
            raise PolicyError(f"there is no rule in {source.place}", hint=_NO_RULE, file=source.place)
    if not holding:
        raise PolicyError("no own policy has a rule", hint=_NO_RULE, file=OWN)


_NO_RULE = 'write `deny contains msg if { … }` or `outcome["name"] := …` in a .rego file that is no `_test.rego`'
