"""Finds everything that is wrong with policies, each with its place and what to do; nothing is decided by them here."""

from __future__ import annotations

from changegate.author.folder import is_ours
from changegate.author.problem import ERROR, WARNING, Problem
from changegate.author.source import SourceFile, sources
from changegate.errors import PolicyError
from changegate.own_policies.reserved import taken
from changegate.rego.bundle import Bundle, is_test


def problems(bundle: Bundle) -> tuple[Problem, ...]:
    """Everything that is wrong with a bundle of own policies and their tests, in the order of files and lines.

    What needs all modules is looked for when each of them can be read by itself.
    """
    readable, unreadable = _read(bundle)
    theirs = [source for source in readable if not is_ours(source.file)]
    found = list(unreadable)
    for source in theirs:
        if refused := taken(source.parsed.package[1:], source.file, source.parsed.line):
            found.append(Problem.of(refused))
        if not is_test(source.file):
            from changegate.author.metadata import lint

            found += lint(source, theirs)
    if not unreadable:
        found += _together(bundle)
    if not any(one.level == ERROR for one in found):
        found += _gathered(bundle)
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


def _read(bundle: Bundle) -> tuple[list[SourceFile], list[Problem]]:
    readable: list[SourceFile] = []
    unreadable: list[Problem] = []
    for module in bundle.modules:
        try:
            readable += sources(Bundle((module,))).values()
        except PolicyError as error:
            unreadable.append(Problem.of(error))
    return readable, unreadable


def _together(bundle: Bundle) -> list[Problem]:
    """What only shows when all modules are looked at: refusals, and what does not compile."""
    from changegate.rego.syntax.refuse import refusals

    return [Problem.of(error) for error in refusals(bundle)]
