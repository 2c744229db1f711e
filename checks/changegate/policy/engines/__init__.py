"""Policy engines: one interface, one file per engine. Each is imported when it is asked for: start-up is a feature."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

from changegate.errors import UsageError
from changegate.policy.engines.engine import Engine, Host

__all__ = ["HOSTS", "Engine", "EngineOptions", "Host", "open_host"]

HOSTS = {
    "embedded": "changegate.policy.engines.forked:EmbeddedHost",
}
"""Name on the command line -> the class that makes a run's host of that engine from the options."""


class EngineOptions(NamedTuple):
    """Which engine decides, and how it is reached."""

    engine: str = "embedded"


def open_host(options: EngineOptions) -> Host:
    """Open the host of one run; the caller closes it.

    Raises:
        UsageError: There is no engine of that name.
        EngineError: The engine is not to be had, or cannot be reached.
    """
    if options.engine not in HOSTS:
        raise UsageError(f"there is no engine {options.engine!r}", hint=f"one of: {', '.join(HOSTS)}")
    module, _, name = HOSTS[options.engine].partition(":")
    made: Any = getattr(import_module(module), name)
    host: Host = made(options)
    return host
