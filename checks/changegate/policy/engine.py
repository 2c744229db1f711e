"""The interface of a policy engine. A decision may not depend on which one answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class Engine(Protocol):
    """Evaluates the one query `data.changegate.main.decision` on one input document."""

    name: str
    """What reports call it, with its version: `embedded (regorus 0.13.0)`."""

    def decide(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """Answer the decision as plain JSON.

        Raises:
            PolicyError: The decision is undefined, or a policy met a value of a wrong type; names the policy's file.
            EngineError: The engine itself failed.
        """
        ...
