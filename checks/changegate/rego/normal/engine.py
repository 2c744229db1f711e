"""The embedded engine for policies of one's own: from a bundle to a program, and from a question to an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.rego.engines.engine import EMBEDDED, Engine
from changegate.rego.normal.evaluation import Run
from changegate.rego.normal.program import NormalProgram, path_of
from changegate.rego.normal.values import UNDEFINED, from_json, from_plain, to_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.rego.bundle import Bundle
    from changegate.rego.normal.evaluation import Evaluation


class Normal(Engine):
    """Evaluates a bundle of one's own."""

    def __init__(self, bundle: Bundle, *, strict: bool = True) -> None:
        """Load the policies.

        Args:
            bundle: The modules.
            strict: Whether a builtin that cannot make anything of its operands is an error.

        Raises:
            PolicyError: A policy does not compile, or has a form that is refused; names its file and line.
        """
        from changegate.rego.syntax.ast import parse_modules
        from changegate.rego.syntax.refuse import plain_refusals

        self.name, self.bundle, self._strict = EMBEDDED, bundle, strict
        modules = parse_modules(bundle)
        for refusal in plain_refusals(bundle, modules):
            raise refusal
        self._program = NormalProgram(modules, bundle.data)
        self._program.check()

    def query(self, references: Sequence[str], document: Mapping[str, Any]) -> dict[str, Any]:
        """Evaluate static references on one input document; see the interface."""
        return self.answers(references, from_plain(document))

    def answers(self, references: Sequence[str], given: Any) -> dict[str, Any]:
        """The same of an input that is Rego's value, or `UNDEFINED`."""
        import json

        found: dict[str, Any] = json.loads(self._asked(references, given))
        return found

    def ask(self, references: Sequence[str], text: str) -> str:
        """Evaluate static references on an input that is JSON text already; answers an object as JSON text."""
        return self._asked(references, from_json(text))

    def _value(self, reference: str, asked: Evaluation) -> Any:
        try:
            return self._program.value(path_of(reference), asked)
        except PolicyError as error:
            error.file = error.file or self.bundle.file_of(reference.removeprefix("data.").rpartition(".")[0])
            raise

    def _asked(self, references: Sequence[str], given: Any) -> str:
        parts = []
        run = Run()
        run.now = self.bundle.now
        asked = self._program.about(given, run)
        for reference in references:
            value = self._value(reference, asked)
            if run.faults and self._strict:
                raise run.faults[0]
            if value is not UNDEFINED:
                parts.append(f"{to_json(reference)}:{to_json(value)}")
        return "{" + ",".join(parts) + "}"
