"""Which engines take which policies: the embedded one is asked always, an OPA where there is an `opa` on the PATH."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.author.folder import is_ours
from changegate.author.problem import ERROR, WARNING, Problem
from changegate.author.problems import EngineReading, problems
from changegate.errors import OTHER_ENGINE, EngineError, PolicyError
from changegate.records import NamedTuple
from changegate.rego.engines import DEFAULT
from changegate.worker import Limits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from changegate.rego.bundle import Bundle, Module
    from changegate.rego.engines.opa.server import OpaProgram

EMBEDDED, OPA = DEFAULT, "opa"
NO_OPA = "note: without an `opa` on the PATH, only the embedded engine was asked"
_LIMITS = Limits(120, 2 << 30)
"""For all policies together: somebody waits for an answer about policies of their own."""


class Checked(NamedTuple):
    """What was found in policies."""

    problems: tuple[Problem, ...]
    """In the order of files and lines."""
    engines: dict[str, tuple[str, ...]]
    """File -> the engines that take it."""
    asked: tuple[str, ...] = (EMBEDDED,)
    """The engines that were asked."""


def checked(bundle: Bundle, engine: str, before: str = "") -> Checked:
    """Find everything that is wrong with policies on the engine that evaluates them, and who else would take them.

    Args:
        bundle: The policies and their tests.
        engine: Which evaluates them.
        before: Which does so at the base; empty where that is the same.

    Raises:
        EngineError: An OPA is to evaluate them, and there is none.
    """
    embedded, opa = read_by_embedded(bundle), _opa(bundle, needed=engine == OPA)
    readings = {EMBEDDED: embedded} if opa is None else {EMBEDDED: embedded, OPA: opa}
    refused = {one.message for one in embedded.faults} if engine == EMBEDDED else set()
    found = [_honest(one, opa, refused) for one in problems(readings[engine])]
    faulty = {name: {fault.file for fault in reading.faults} for name, reading in readings.items()}
    common = {one.file for one in found if one.level == ERROR} - faulty[engine]
    files = [module.name for module in bundle.modules if not is_ours(module.name)]
    taken = {
        file: tuple(name for name in readings if file not in faulty[name] and file not in common) for file in files
    }
    others = [*_told_by_opa(readings, engine), *_starting(taken, engine, before)]
    known = {(one.file, one.line) for one in found}
    found += [one for one in others if (one.file, one.line) not in known or one.message.startswith("it was refused")]
    return Checked(tuple(sorted(dict.fromkeys(found))), taken, tuple(readings))


def read_by_embedded(bundle: Bundle) -> EngineReading:
    """What the embedded engine makes of policies."""
    return EngineReading.of(
        bundle, lambda readable: _refusals(readable, whole=len(readable.modules) == len(bundle.modules))
    )


def _refusals(bundle: Bundle, *, whole: bool) -> Iterator[PolicyError]:
    """What the embedded engine refuses; where not all can be read, not what is only missing for that reason."""
    from changegate.rego.syntax.refuse import refusals

    return (one for one in refusals(bundle) if whole or not one.message.startswith("there is no function data."))


def _opa(bundle: Bundle, *, needed: bool) -> EngineReading | None:
    """What OPA makes of them; nothing where there is none that can tell, and none is needed."""
    from changegate.rego.engines.opa.server import OpaProgram

    try:
        program = OpaProgram()
        try:
            return _read_by_opa(bundle, program)
        finally:
            program.close()
    except EngineError:
        if needed:
            raise
        return None


def _read_by_opa(bundle: Bundle, program: OpaProgram) -> EngineReading:
    from changegate.rego.engines.opa.parser import with_trees

    modules: list[Module] = []
    unread: list[PolicyError] = []
    try:
        modules += with_trees(bundle.modules, _LIMITS)
    except PolicyError:
        for module in bundle.modules:
            try:
                modules += with_trees((module,), _LIMITS)
            except PolicyError as error:
                unread.append(error)
    whole = bundle._replace(modules=tuple(modules))
    return EngineReading.of(whole, lambda readable: _compiled(readable, program, whole=not unread), unread)


def _compiled(bundle: Bundle, program: OpaProgram, *, whole: bool) -> Iterator[PolicyError]:
    """What reaches out, and what OPA's compiler refuses where it is given everything."""
    from changegate.rego.engines.opa.namespaced import Namespaced
    from changegate.rego.syntax.refuse import refusals

    timed = bundle._replace(now=0)
    outward = list(refusals(timed, embedded=False))
    yield from outward
    if whole and not outward:
        yield from program.faults(Namespaced(timed), _LIMITS)


def _honest(problem: Problem, opa: EngineReading | None, refused: Collection[str]) -> Problem:
    """A problem whose hint names OPA as a way out where, and only where, OPA takes what the embedded engine refuses.

    Args:
        problem: What is wrong.
        opa: What OPA makes of the policies, where it was asked.
        refused: The messages of the embedded engine's refusals.
    """
    if opa is None or problem.message not in refused:
        return problem
    plain = problem.hint.removesuffix(OTHER_ENGINE).rstrip("; ")
    is_taken = problem.file not in {one.file for one in opa.faults}
    return problem._replace(hint="; ".join(part for part in (plain, OTHER_ENGINE if is_taken else "") if part))


def _told_by_opa(readings: dict[str, EngineReading], engine: str) -> Iterator[Problem]:
    """What OPA refuses where the embedded engine decides: OPA's answer is the right one."""
    if engine != EMBEDDED or OPA not in readings:
        return
    for fault in readings[OPA].faults:
        if not is_ours(fault.file):
            hint = "mend it: what OPA refuses here, evaluation would stumble over, or never fire"
            yield Problem(fault.file, fault.line or 1, WARNING, f"OPA refuses it: {fault.message}", hint)


def _starting(taken: Mapping[str, Sequence[str]], engine: str, before: str) -> Iterator[Problem]:
    """Say of policies that another engine refused, that they load now."""
    if not before or before == engine:
        return
    for file, engines in taken.items():
        if engine in engines and before not in engines:
            message = (
                f"it was refused on the engine {before} of the base, and loads on {engine}: its rules start to fire"
            )
            hint = "try it first: `changegate check --all --policy .changegate/policies --engine " + f"{engine}`"
            yield Problem(file, 1, WARNING, message, hint)
