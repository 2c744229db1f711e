"""Finds everything that is wrong with policies, each with its place and what to do; nothing is decided by them here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.author.folder import is_ours
from changegate.author.problem import ERROR, WARNING, Problem
from changegate.author.source import SourceFile, sources
from changegate.errors import PolicyError
from changegate.own_policies.reserved import taken
from changegate.records import NamedTuple
from changegate.rego.bundle import Bundle, is_test

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class EngineReading(NamedTuple):
    """Policies as one engine reads them."""

    bundle: Bundle
    """Those that it reads."""
    sources: tuple[SourceFile, ...]
    unreadable: tuple[PolicyError, ...]
    """Why it does not read the others."""
    refused: tuple[PolicyError, ...]
    """What else it refuses."""

    @classmethod
    def of(
        cls, bundle: Bundle, refusals: Callable[[Bundle], Iterable[PolicyError]], unread: Iterable[PolicyError] = ()
    ) -> EngineReading:
        """Read a bundle.

        Args:
            bundle: The modules.
            refusals: Finds what is refused in modules that can be read.
            unread: What could not be read before.
        """
        readable, unreadable = _read(bundle)
        named = {source.file for source in readable}
        whole = bundle._replace(modules=tuple(one for one in bundle.modules if one.name in named))
        return cls(whole, tuple(readable), (*unread, *unreadable), tuple(refusals(whole)))

    @property
    def faults(self) -> tuple[PolicyError, ...]:
        """All that the engine does not take."""
        return (*self.unreadable, *self.refused)


def problems(reading: EngineReading) -> tuple[Problem, ...]:
    """Everything that is wrong with own policies and their tests, in the order of files and lines.

    What needs all modules is looked for when each of them can be read by itself.
    """
    theirs = [source for source in reading.sources if not is_ours(source.file)]
    found = [Problem.of(error) for error in reading.unreadable]
    for source in theirs:
        if refused := taken(source.parsed.package[1:], source.file, source.parsed.line):
            found.append(Problem.of(refused))
        if not is_test(source.file):
            from changegate.author.metadata import lint

            found += lint(source, theirs)
    if not reading.unreadable:
        found += [Problem.of(error) for error in reading.refused]
    if not any(one.level == ERROR for one in found):
        found += _gathered(reading.bundle)
    return tuple(sorted(dict.fromkeys(one for one in found if not is_ours(one.file))))


def _gathered(bundle: Bundle) -> list[Problem]:
    """What the gate refuses when it puts own policies together, as far as nothing else is wrong; its first word."""
    from changegate.own_policies import merge
    from changegate.own_policies.discover import discover
    from changegate.own_policies.origin import PolicySource as Own

    modules = tuple(one for one in bundle.modules if not is_test(one.name) and not is_ours(one.name))
    try:
        found = discover(modules)
        merge.check_conflicts([Own("these policies", modules, bundle.data)], found)
    except merge.MissingDataError as error:
        message = f"{error.message}: the gate refuses the policies until it is there"
        return [Problem.of(error)._replace(level=WARNING, message=message)]
    except PolicyError as error:
        return [Problem.of(error)]
    if any(one.rules for one in found):
        return []
    hint = 'write `deny contains msg if { … }` or `outcome["name"] := …`'
    place = modules[0].name if modules else bundle.modules[0].name
    return [Problem(place, 1, WARNING, "there is no rule in these policies, and the gate refuses them so", hint)]


def _read(bundle: Bundle) -> tuple[list[SourceFile], list[PolicyError]]:
    readable: list[SourceFile] = []
    unreadable: list[PolicyError] = []
    for module in bundle.modules:
        try:
            readable += sources(Bundle((module,))).values()
        except PolicyError as error:
            unreadable.append(error)
    return readable, unreadable
