"""A group whose commands are imported one at a time: start-up is a feature."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from changegate.cli.piped import piped

if TYPE_CHECKING:
    from collections.abc import Mapping


class Lazy(click.Group):
    """A group that knows its commands by a registry, and whose help needs none of them."""

    def __init__(self, *, registry: Mapping[str, str], package: str, **attributes: Any) -> None:
        """Take the registry.

        Args:
            registry: Command -> the line that `--help` shows, in the order of use.
            package: Where the modules of these names are; each has a `command`.
            attributes: What click's own groups take.
        """
        super().__init__(**attributes)
        self.registry = registry
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of the registry, which is the order of use."""
        del ctx
        return list(self.registry)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        del ctx
        if cmd_name not in self.registry:
            return None
        command = import_module(f"{self._package}.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101  (a fault of ours, not of the input)
        return command

    def invoke(self, ctx: click.Context) -> int:
        """Run the command."""
        return piped(lambda: super(Lazy, self).invoke(ctx))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the registry, without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(self.registry.items()))
