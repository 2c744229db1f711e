"""Which engine decides: the one that the base names. On a laptop another may be tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.errors import UsageError
from changegate.records import NamedTuple
from changegate.rego.engines import DEFAULT

if TYPE_CHECKING:
    from changegate.policy.settings import Config

FILE = ".changegate/config.yaml"


class EngineChoice(NamedTuple):
    """Which engine decides."""

    engine: str = DEFAULT
    """Its name."""
    note: str = ""
    """What a reader must know about it; empty where it is the one that the base names."""
    has_server: bool = False
    """Whether the command line names an OPA server."""


def choose_engine(asked: str, config: Config, *, is_local: bool) -> EngineChoice:
    """Find which engine decides.

    Args:
        asked: What the command line names; empty where it names none.
        config: The base's.
        is_local: Whether this is a laptop, where another engine than the base's may be tried.

    Raises:
        UsageError: In CI, the command line names another engine than the base does.
    """
    stated = config.engine
    if not asked or not stated or asked == stated:
        return EngineChoice(asked or stated or DEFAULT)
    if not is_local:
        hint = (
            f"leave the engine out of the command, the action or the job; or first merge `engine: {asked}` "
            f"into {FILE}, which is a change of a control file"
        )
        message = f"the command line names the engine {asked}, and {FILE} of the base names {stated}"
        raise UsageError(message, hint=hint)
    note = f"The engine {asked} was asked for; {FILE} of the base names {stated}, which decides in CI."
    return EngineChoice(asked, note)
