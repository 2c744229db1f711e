"""The interface of a policy engine. A decision may not depend on which one answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Protocol

from changegate.errors import PolicyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from changegate.rego.bundle import Bundle

MAIN = "changegate.main"
DECISION = f"data.{MAIN}.decision"
LARGEST_ANSWER = 64 * 2**20
"""Bytes of an engine's answer to one question, as JSON; what is larger is no answer of a policy's to us."""
EMBEDDED = "embedded (regorus)"
"""What reports call the embedded engine."""


class Engine(ABC):
    """The modules of one bundle, loaded and ready to be asked."""

    name: str
    """What reports call it, with its version: `embedded (regorus)`."""
    bundle: Bundle
    """What is loaded."""

    @abstractmethod
    def query(self, references: Sequence[str], document: Mapping[str, Any]) -> dict[str, Any]:
        """Evaluate static references on one input document.

        Args:
            references: Rules by their whole path, each with `data.` in front: `data.changegate.main.decision`.
            document: The input; plain JSON.

        Returns:
            The value of each reference that is defined, as plain JSON (a set as a list); the others are left out.

        Raises:
            PolicyError: A policy met a value of a wrong type; names the policy's file.
            EngineError: The engine itself failed: it crashed, ran out of its bounds, or could not be reached.
        """

    def decide(self, document: Mapping[str, Any], meanwhile: Callable[[], object] = lambda: None) -> Mapping[str, Any]:
        """Answer the decision of changegate's own policies as plain JSON.

        Args:
            document: The input; plain JSON.
            meanwhile: What is to be done beside it, in this process; what it raises is raised.

        Raises:
            PolicyError: The decision is undefined, or a policy met a value of a wrong type; names the policy's file.
            EngineError: The engine itself failed.
        """
        answer = self._asked_beside(meanwhile, (DECISION,), document).get(DECISION)
        if not isinstance(answer, dict):
            raise PolicyError(
                f"the decision {DECISION} is undefined",
                hint="a rule of main.rego that it needs has no value for this input",
                file=self.bundle.file_of(MAIN),
            )
        return answer

    def _asked_beside(
        self, meanwhile: Callable[[], object], references: Sequence[str], document: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Do what there is to do, and ask: an engine that answers in another process does both at once."""
        meanwhile()
        return self.query(references, document)


class Host(Protocol):
    """Where bundles are loaded for one run: this process, or an OPA server. Closed however the run ends."""

    @property
    def name(self) -> str:
        """What people call the engine."""
        ...

    @property
    def release(self) -> str:
        """Its name and its version, for records; looked up when it is asked for."""
        ...

    def load(self, bundle: Bundle) -> Engine:
        """Load a bundle.

        Raises:
            PolicyError: A policy does not compile, or has a form that is refused; names its file and line.
            EngineError: The engine could not be reached.
        """
        ...

    def close(self) -> None:
        """Take away everything that was loaded; may be called twice."""
        ...
