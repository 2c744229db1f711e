"""The embedded engine: `gordon-to-regorus`, a Rego interpreter in this process, without a server or a network."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from changegate.errors import EngineError, PolicyError
from changegate.policy.engines.engine import MAIN, Engine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.policy.bundle import Bundle
    from changegate.policy.engines import EngineOptions

NAME = "embedded (regorus)"
MAXIMUM_DEPTH = 64
_UNDEFINED = '"<undefined>"'
_PLACE = re.compile(r"--> ([^\s:]+\.rego):(\d+):(\d+)")


class EmbeddedHost:
    """Loads bundles in this process."""

    name = NAME

    def __init__(self, options: EngineOptions) -> None:
        """Nothing needs to be opened."""
        del options

    def load(self, bundle: Bundle) -> Embedded:
        """Load a bundle; see the interface."""
        return Embedded(bundle)

    def close(self) -> None:
        """Nothing needs to be closed."""


class Embedded(Engine):
    """Evaluates a bundle. Stays on the thread that made it: run in parallel by process."""

    def __init__(self, bundle: Bundle) -> None:
        """Load the policies.

        Args:
            bundle: The modules.

        Raises:
            PolicyError: A policy does not compile, or has a form that is refused; names its file and line.
        """
        import regorus

        if not bundle.shipped:
            from changegate.policy.syntax.refuse import refuse

            refuse(bundle)

        self.name = NAME
        self._engine = regorus.Engine()
        self.bundle = bundle
        for module in bundle.modules:
            try:
                self._engine.add_policy(module.name, module.text)
            except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
                raise policy_error(error, module.name) from None
        if bundle.data:
            self._engine.add_data_json(json.dumps(bundle.data))

    def query(self, references: Sequence[str], document: Mapping[str, Any]) -> dict[str, Any]:
        """Evaluate static references on one input document; see the interface."""
        if not self.bundle.shipped and depth(document) > MAXIMUM_DEPTH:
            # NOTE: the engine overflows its stack on very deep input, which would kill this process. Our own policies
            # are given documents that fit schemas without a place for anything deep.
            raise EngineError(
                f"the input document is nested over {MAXIMUM_DEPTH} levels deep", hint="flatten the manifest"
            )
        has_odd_bytes = self._give(document)
        values: dict[str, Any] = {}
        for reference in references:
            answer = self._ask(reference)
            if answer != _UNDEFINED or self._is_defined(reference):
                values[reference] = json.loads(_with_odd_bytes(answer) if has_odd_bytes else answer)
        return values

    def _ask(self, reference: str) -> str:
        try:
            answer: str = self._engine.eval_rule_as_json(reference)
        except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
            raise self._culprit(error, reference) from None
        return answer

    def _is_defined(self, reference: str) -> bool:
        """Whether a rule has a value at all.

        NOTE: the engine answers the text `"<undefined>"` for a rule without a value, and a rule may have that text.
        """
        return bool(json.loads(self._engine.eval_query_as_json(reference)).get("result"))

    def _give(self, document: Mapping[str, Any]) -> bool:
        """Give the engine its input; answers whether that holds bytes that are no text."""
        odd = 0
        try:
            text = json.dumps(document, allow_nan=False)
            if "\\udc" in text:
                plain = json.dumps(document, allow_nan=False, ensure_ascii=False)
                text, odd = _ODD_BYTE.subn(lambda found: chr(ord(found[0]) + _APART), plain)
            self._engine.set_input_json(text)
        except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
            hint = "this is a fault of changegate: report it"
            raise EngineError(f"the input document cannot be given to the engine: {error}", hint=hint) from None
        return odd > 0

    def _culprit(self, error: Exception, reference: str) -> PolicyError:
        """Find the package that cannot be evaluated: asks for one after another, first for what others rest on."""
        main = f"data.{MAIN}"
        for package in sorted(self._engine.get_packages(), key=lambda name: (name == main, ".checks." in name, name)):
            try:
                self._engine.eval_query_as_json(package)
            except Exception as found:  # noqa: BLE001  (the engine raises its own bare exceptions)
                return policy_error(found, self.bundle.file_of(package.removeprefix("data.")))
        return policy_error(error, self.bundle.file_of(reference.removeprefix("data.").rpartition(".")[0]))


_APART = 0x10F000 - 0xDC80
"""Git allows any byte in a file's name. One that is no text is a lone surrogate here, which the engine refuses: there,
it is a character for private use."""
_ODD_BYTE = re.compile("[\udc80-\udcff]")
_STAND_IN = re.compile("[\U0010f000-\U0010f07f]")


def _with_odd_bytes(answer: str) -> str:
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


def policy_error(error: Exception, name: str) -> PolicyError:
    """Say what the engine stumbled over: its message without stack traces, and the policy's place."""
    text = str(error)
    place = _PLACE.search(text)
    line = int(place[2]) if place else None
    file = place[1] if place else name
    lines = [row.strip() for row in text.splitlines() if row.strip()]
    told = next((row.removeprefix("error:").strip() for row in lines if row.startswith("error:")), "")
    message = told or (lines[0] if lines else "the policy engine failed")
    return PolicyError(f"the policy cannot be evaluated: {message[:300]}", hint="mend the policy", file=file, line=line)
