"""What an OPA makes of the own policies of a tree that would land: read by its parser, and compiled, within bounds.

Only a program on this machine is asked. A server that others share must not be given what nobody has approved.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from changegate.errors import EngineError, PolicyError
from changegate.records import NamedTuple
from changegate.rego.bundle import Bundle, library

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.rego.bundle import Module
    from changegate.worker import Limits


class ParsedByOpa(NamedTuple):
    """Policies as OPA's parser reads them."""

    modules: tuple[Module, ...] = ()
    """Those that it reads."""
    unread: tuple[PolicyError, ...] = ()
    """Why it does not read the others."""


def parsed_by_opa(modules: Sequence[Module], limits: Limits) -> ParsedByOpa:
    """Let an `opa` on the PATH parse policies.

    Raises:
        EngineError: There is none, or it takes too long or too much.
    """
    from changegate.rego.engines.opa.parser import with_trees

    try:
        return ParsedByOpa(with_trees(modules, limits))
    except PolicyError:
        pass
    read: list[Module] = []
    unread: list[PolicyError] = []
    for module in modules:
        try:
            read += with_trees((module,), limits)
        except PolicyError as error:
            unread.append(error)
    return ParsedByOpa(tuple(read), tuple(unread))


def refused_by_opa(modules: Sequence[Module], limits: Limits) -> tuple[PolicyError, ...]:
    """What an `opa` on the PATH refuses when it compiles policies that it has parsed; it is never given to a server.

    Raises:
        EngineError: There is none, or it takes too long or too much.
    """
    from changegate.rego.engines.opa.namespaced import Namespaced
    from changegate.rego.engines.opa.server import OpaProgram

    bundle = Bundle((*modules, *library(modules)), now=0)
    with closing(OpaProgram()) as program:
        return tuple(program.faults(Namespaced(bundle), limits))


def missing_opa(*, has_server: bool) -> EngineError | None:
    """Why no OPA could decide here; None where one could."""
    from changegate.rego.engines.opa.binary import find_opa

    try:
        find_opa()
    except EngineError as error:
        return None if has_server else error
    return None


def can_parse() -> bool:
    """Whether there is a program that parses policies."""
    from changegate.rego.engines.opa.binary import has_opa

    return has_opa()
