"""The embedded engine, in this process, without a server or a network.

Our own policies are evaluated by `gordon-to-regorus`; policies of one's own in their normal form, see `rego/normal`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from changegate.errors import EngineError, PolicyError
from changegate.numbers import plain_numbers
from changegate.records import NamedTuple
from changegate.rego.engines.bulk import written
from changegate.rego.engines.engine import EMBEDDED, MAIN, Engine
from changegate.rego.faults import policy_error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.rego.bundle import Bundle
    from changegate.rego.normal.engine import Normal

MAXIMUM_DEPTH = 64
_UNDEFINED = '"<undefined>"'


class Embedded(Engine):
    """Evaluates a bundle: ours as it stands, others in their normal form.

    Stays on the thread that made it: run in parallel by process.
    """

    def __init__(self, bundle: Bundle) -> None:
        """Load the policies.

        Args:
            bundle: The modules.

        Raises:
            PolicyError: A policy does not compile, or has a form that is refused; names its file and line.
        """
        self.name = EMBEDDED
        self.bundle = bundle
        self._normal: Normal | None = None
        if not bundle.shipped:
            from changegate.rego.normal.engine import Normal

            self._normal = Normal(bundle)
            return
        import regorus

        self._engine = regorus.Engine()
        for module in bundle.modules:
            try:
                self._engine.add_policy(module.name, module.text)
            except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
                raise policy_error(error, module.name) from None
        if bundle.data:
            self._engine.add_data_json(json.dumps(bundle.data))

    def query(self, references: Sequence[str], document: Mapping[str, Any]) -> dict[str, Any]:
        """Evaluate static references on one input document; see the interface."""
        given = Given.of(document, self.bundle)
        return given.values(self.ask(references, given.text))

    def ask(self, references: Sequence[str], text: str) -> str:
        """Evaluate static references on an input that is JSON text already; answers an object as JSON text."""
        if self._normal is not None:
            return self._normal.ask(references, text)
        try:
            self._engine.set_input_json(text)
        except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
            raise _not_given(error) from None
        answers = [(reference, self._ask(reference)) for reference in references]
        defined = (
            f"{json.dumps(reference)}:{answer}"
            for reference, answer in answers
            if answer != _UNDEFINED or self._is_defined(reference)
        )
        return "{" + ",".join(defined) + "}"

    def _ask(self, reference: str) -> str:
        try:
            answer: str = self._engine.eval_rule_as_json(reference)
        except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
            # NOTE: `outcome` of `outcome["x"] := …` is a rule to OPA, and only a part of one here.
            if "not a valid rule path" in str(error):
                return self._ask_whole(reference)
            raise self._culprit(error, reference) from None
        return answer

    def _ask_whole(self, reference: str) -> str:
        try:
            result = json.loads(self._engine.eval_query_as_json(reference)).get("result")
        except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
            raise self._culprit(error, reference) from None
        return json.dumps(result[0]["expressions"][0]["value"]) if result else _UNDEFINED

    def _is_defined(self, reference: str) -> bool:
        """Whether a rule has a value at all.

        NOTE: the engine answers the text `"<undefined>"` for a rule without a value, and a rule may have that text.
        """
        return bool(json.loads(self._engine.eval_query_as_json(reference)).get("result"))

    def _culprit(self, error: Exception, reference: str) -> PolicyError:
        """Find the package that cannot be evaluated: asks for one after another, first for what others rest on."""
        main = f"data.{MAIN}"
        for package in sorted(self._engine.get_packages(), key=lambda name: (name == main, ".checks." in name, name)):
            try:
                self._engine.eval_query_as_json(package)
            except Exception as found:  # noqa: BLE001  (the engine raises its own bare exceptions)
                return policy_error(found, self.bundle.file_of(package.removeprefix("data.")))
        return policy_error(error, self.bundle.file_of(reference.removeprefix("data.").rpartition(".")[0]))


class Given(NamedTuple):
    """An input document as the engine reads it."""

    text: str
    """JSON."""
    has_odd_bytes: bool
    """Whether stand-ins are in it for bytes that are no text; they come back in the answer."""

    @classmethod
    def of(cls, document: Mapping[str, Any], bundle: Bundle) -> Given:
        """Write a document down for the policies of a bundle.

        Raises:
            EngineError: It is too deep, or no JSON.
        """
        if not bundle.shipped and depth(document) > MAXIMUM_DEPTH:
            # NOTE: the engine overflows its stack on very deep input. Our own policies are given documents that fit
            # schemas without a place for anything deep.
            message = f"the input document is nested over {MAXIMUM_DEPTH} levels deep"
            raise EngineError(message, hint="flatten the manifest")
        if not bundle.shipped:
            document = plain_numbers(document)  # ours only compare numbers; others may write them down
        elif known := written(document):
            return cls(known, has_odd_bytes=False)
        try:
            text, odd = json.dumps(document, allow_nan=False), 0
            if "\\ud" in text:
                plain = json.dumps(document, allow_nan=False, ensure_ascii=False)
                text, odd = _ODD_BYTE.subn(lambda found: chr(ord(found[0]) + _APART), plain)
            text.encode()
        except Exception as error:  # noqa: BLE001  (whatever is wrong with it, it cannot be given)
            raise _not_given(error) from None
        return cls(text, odd > 0)

    def values(self, answer: str) -> dict[str, Any]:
        """Read an answer to this document."""
        values: dict[str, Any] = json.loads(with_odd_bytes(answer) if self.has_odd_bytes else answer)
        return values


def _not_given(error: Exception) -> EngineError:
    hint = "this is a fault of changegate: report it"
    return EngineError(f"the input document cannot be given to the engine: {error}", hint=hint)


_APART = 0x10F000 - 0xDC80
"""Git allows any byte in a file's name. One that is no text is a lone surrogate here, which the engine refuses: there,
it is a character for private use."""
_ODD_BYTE = re.compile("[\udc80-\udcff]")
_STAND_IN = re.compile("[\U0010f000-\U0010f07f]")


def with_odd_bytes(answer: str) -> str:
    """Put bytes that are no text back in place of their stand-ins."""
    return _STAND_IN.sub(lambda found: chr(ord(found[0]) - _APART), answer)


def depth(value: Any) -> int:
    """The depth of a JSON value, by an explicit stack."""
    deepest, stack = 0, [(value, 1)]
    while stack:
        node, level = stack.pop()
        deepest = max(deepest, level)
        if isinstance(node, dict):
            stack.extend((child, level + 1) for child in node.values())
        elif isinstance(node, (list, tuple)):
            stack.extend((child, level + 1) for child in node)
        if level > 1000:
            return level
    return deepest
