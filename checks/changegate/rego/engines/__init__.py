"""Policy engines: one interface, one file per engine. Each is imported when it is asked for: start-up is a feature."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from changegate.errors import UsageError
from changegate.records import NamedTuple
from changegate.rego.engines.engine import Engine, Host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from changegate.rego.bundle import Bundle, Module
    from changegate.worker import Limits

__all__ = ["HOSTS", "Engine", "EngineOptions", "Host", "Secret", "is_embedded", "open_host", "parsed_by"]

HOSTS = {
    "embedded": "changegate.rego.engines.forked:EmbeddedHost",
    "opa": "changegate.rego.engines.opa.host:OpaHost",
}
"""Name on the command line -> the class that makes a run's host of that engine from the options."""


class Secret(str):
    """A text that is not shown by accident."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Tell whether there is one."""
        return "Secret(…)" if self else "Secret()"


class EngineOptions(NamedTuple):
    """Which engine decides, and how it is reached."""

    engine: str = ""
    """Its name in `HOSTS`; empty for the one that the base names."""
    opa_url: str = ""
    """Where the user's server is; empty to start one for the run."""
    opa_token: Secret = Secret()
    """Sent to that server as a bearer token."""
    opa_ca: str = ""
    """A file with the certificates of those who may sign the server's."""
    opa_cert: str = ""
    """A file with our certificate for the server, and maybe its key."""
    opa_key: str = ""
    opa_timeout: float = 10.0
    """Seconds for one exchange with the server, with all its attempts."""
    opa_retries: int = 2
    """Further attempts where the server cannot be reached, or is busy."""
    opa_bundle_revision: str = ""
    """Use the server's own bundle of our policies, which has this revision; empty to load them."""
    beside: Callable[[Bundle], Iterable[Module]] = lambda _bundle: ()
    """Which modules that decide nothing may stand next to a bundle on that server."""


DEFAULT = "embedded"
"""What evaluates policies where nobody says otherwise."""


def open_host(options: EngineOptions) -> Host:
    """Open the host of one run, of the engine that is the default where none is named; the caller closes it.

    Raises:
        UsageError: There is no engine of that name.
        EngineError: The engine is not to be had, or cannot be reached.
    """
    engine = options.engine or DEFAULT
    if engine not in HOSTS:
        raise UsageError(f"there is no engine {engine!r}", hint=f"one of: {', '.join(HOSTS)}")
    module, _, name = HOSTS[engine].partition(":")
    made: Any = getattr(import_module(module), name)
    host: Host = made(options)
    return host


def is_embedded(options: EngineOptions | None) -> bool:
    """Whether the embedded engine is the one that options name."""
    return options is None or (options.engine or DEFAULT) == DEFAULT


def parsed_by(options: EngineOptions | None, modules: tuple[Module, ...], limits: Limits) -> tuple[Module, ...]:
    """Give modules the syntax trees of the parser of the engine that evaluates them, where it has one of its own.

    Where an OPA decides that is only reached over the network, the embedded engine's parser reads them: an OPA server
    shows no tree with its places.

    Raises:
        PolicyError: The engine does not parse one; names its file and line.
        EngineError: The engine is not there, or takes too long or too much.
    """
    if is_embedded(options) or options is None:
        return modules
    from changegate.rego.engines.opa.binary import has_opa
    from changegate.rego.engines.opa.parser import with_trees

    return modules if options.opa_url and not has_opa() else with_trees(modules, limits)
