"""The embedded engine: `gordon-to-regorus`, a Rego interpreter in this process, without a server or a network."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from changegate.errors import EngineError, PolicyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.policy.bundle import Bundle

NAME = "embedded (regorus)"
MAXIMUM_DEPTH = 64
_MAIN = "data.changegate.main"
_DECISION = f"{_MAIN}.decision"
_PLACE = re.compile(r"--> ([^\s:]+\.rego):(\d+):(\d+)")


class Embedded:
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
            from changegate.policy.refuse import refuse

            refuse(bundle)

        self.name = NAME
        self._engine = regorus.Engine()
        self._modules = bundle.modules
        self._shipped = bundle.shipped
        for module in bundle.modules:
            try:
                self._engine.add_policy(module.name, module.text)
            except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
                raise policy_error(error, module.name) from None

    def decide(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """Answer the decision on one input document; see the interface."""
        if not self._shipped and depth(document) > MAXIMUM_DEPTH:
            # NOTE: the engine overflows its stack on very deep input, which would kill this process. Our own policies
            # are given documents that fit schemas without a place for anything deep.
            raise EngineError(
                f"the input document is nested over {MAXIMUM_DEPTH} levels deep", hint="flatten the manifest"
            )
        has_odd_bytes = self._give(document)
        try:
            answer = self._engine.eval_rule_as_json(_DECISION)
        except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
            raise self._culprit(error) from None
        decided = json.loads(_with_odd_bytes(answer) if has_odd_bytes else answer)
        if not isinstance(decided, dict):
            raise PolicyError(
                f"the decision {_DECISION} is undefined",
                hint="a rule of main.rego that it needs has no value for this input",
                file=self._file_of(_MAIN),
            )
        return decided

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

    def _culprit(self, error: Exception) -> PolicyError:
        """Find the package that cannot be evaluated: asks for one after another, first for what others rest on."""
        for package in sorted(self._engine.get_packages(), key=lambda name: (name == _MAIN, ".checks." in name, name)):
            try:
                self._engine.eval_query_as_json(package)
            except Exception as found:  # noqa: BLE001  (the engine raises its own bare exceptions)
                return policy_error(found, self._file_of(package))
        return policy_error(error, self._file_of(_MAIN))

    def _file_of(self, package: str) -> str:
        line = re.compile(rf"^package\s+{re.escape(package.removeprefix('data.'))}\s*(#.*)?$", re.MULTILINE)
        return next((module.name for module in self._modules if line.search(module.text)), "")


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
