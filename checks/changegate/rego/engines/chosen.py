"""The host of a run before it is known which engine the base names, and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.errors import UsageError
from changegate.rego.engines import DEFAULT, EngineOptions, open_host

if TYPE_CHECKING:
    from changegate.rego.bundle import Bundle
    from changegate.rego.engines import Engine, Host


class ChosenHost:
    """Begins with the embedded engine, which loads our policies while the base is read; may become another."""

    def __init__(self, options: EngineOptions) -> None:
        """Begin, unless another engine is asked for: that one is opened when the base has been read.

        Args:
            options: What the command line says.
        """
        self._options = options
        self._engine = options.engine or DEFAULT
        self._host: Host | None = open_host(options) if self._engine == DEFAULT else None

    @property
    def name(self) -> str:
        """What people call the engine."""
        return self._host.name if self._host is not None else self._engine

    @property
    def release(self) -> str:
        """Its name and its version."""
        return self._host.release if self._host is not None else self._engine

    def choose(self, engine: str) -> None:
        """Take the engine that decides.

        Raises:
            UsageError: An option is for another engine.
            EngineError: The engine is not to be had, or cannot be reached.
        """
        if engine == DEFAULT:
            check_options(self._options._replace(engine=engine))
        if self._host is not None and engine != self._engine:
            self._host.close()
            self._host = None
        self._engine = engine
        if self._host is None:
            self._host = open_host(self._options._replace(engine=engine))

    def load(self, bundle: Bundle) -> Engine:
        """Load a bundle; see the interface."""
        if self._host is None:
            self.choose(self._engine)
        assert self._host is not None  # noqa: S101  (it was opened, or that raised)
        return self._host.load(bundle)

    def close(self) -> None:
        """Take away everything that was loaded; may be called twice."""
        if self._host is not None:
            self._host.close()


def check_options(options: EngineOptions) -> None:
    """Refuse what is said of an OPA where none decides.

    Raises:
        UsageError: An option is for another engine.
    """
    unset = EngineOptions()
    changed = [
        name
        for name in options._fields
        if name.startswith("opa_") and name != "opa_token" and getattr(options, name) != getattr(unset, name)
    ]
    if changed and options.engine == DEFAULT:
        option = f"--{changed[0].replace('_', '-')}"
        hint = "add --engine opa, write `engine: opa` into .changegate/config.yaml, or leave it out"
        raise UsageError(f"{option} is for the engine `opa`", hint=hint)
