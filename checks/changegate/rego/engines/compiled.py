"""The embedded engine on our own policies, as a program: see `rego/program/`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.rego.engines.embedded import Embedded, Given
from changegate.rego.engines.engine import DECISION, EMBEDDED, Engine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.rego.bundle import Bundle

_UNDEFINED = '"<undefined>"'


class Compiled(Engine):
    """Runs the program for the decision. Stays on the thread that made it: run in parallel by process."""

    def __init__(self, bundle: Bundle, program: Any) -> None:
        """Load the program.

        Args:
            bundle: The policies that it was made of.
            program: A `regorus.Program` of them.
        """
        import regorus

        self.name = EMBEDDED
        self.bundle = bundle
        self._machine = regorus.Rvm()
        self._machine.load_program(program)
        self._machine.set_data_json("{}")
        self._interpreter: Embedded | None = None

    def query(self, references: Sequence[str], document: Mapping[str, Any]) -> dict[str, Any]:
        """Evaluate static references on one input document; see the interface."""
        given = Given.of(document, self.bundle)
        return given.values(self.ask(references, given.text))

    def ask(self, references: Sequence[str], text: str) -> str:
        """Evaluate static references on an input that is JSON text already; answers an object as JSON text.

        The interpreter is asked for all but the decision, and where the machine has none: it names what it stumbles
        over.
        """
        answer = self.run(text) if tuple(references) == (DECISION,) else None
        return self._interpreted().ask(references, text) if answer is None else f'{{"{DECISION}":{answer}}}'

    def run(self, text: str) -> str | None:
        """The decision as the machine has it, as JSON text; None where it has none."""
        try:
            self._machine.set_input_json(text)
            answer: str = self._machine.execute()
        except Exception:  # noqa: BLE001  (the engine raises its own bare exceptions)
            return None
        return None if answer == _UNDEFINED else answer

    def _interpreted(self) -> Embedded:
        if self._interpreter is None:
            self._interpreter = Embedded(self.bundle)
        return self._interpreter


def engine_for(bundle: Bundle) -> Compiled | Embedded:
    """The quickest embedded engine for a bundle: the program of our own policies, or the interpreter.

    Raises:
        PolicyError: A policy does not compile, or has a form that is refused; names its file and line.
    """
    if bundle.shipped:
        from changegate.rego.program.file import load_program

        if program := load_program(bundle):
            return Compiled(bundle, program)
    return Embedded(bundle)
